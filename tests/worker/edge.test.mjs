// The relay's outer edge in workerd: what every answer carries, who may call, and how often.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { secret } from "../../scripts/local.mjs";
import { startPair, startRelay, until } from "./harness.mjs";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

const PATHS = [
  "/",
  "/converse/ticket",
  "/webhooks/ticket",
  "/webhooks/ticket/secret",
  "/conversations/a",
  "/conversations/a/stream",
  "/events/a-1",
  "/events/a-1/replay",
  "/parked",
  "/stats",
  "/calls",
  "/health",
  "/ready",
  "/version",
];

const SECURITY = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000",
};

const PAGE = "https://crm.example";
const OTHER = "https://crm.example.evil";

const EXPOSED =
  "ticketwire-event, ticketwire-warnings, idempotency-replayed, preference-applied, location, retry-after, x-request-id, www-authenticate";

const CORS = (answer) => [...answer.headers.keys()].filter((name) => name.startsWith("access-control-"));

let pair;
let relay;
let emulator;
const log = [];

before(async () => {
  pair = await startPair({ relay: { ALLOWED_ORIGINS: `${PAGE}, null` }, onLog: (line) => log.push(line) });
  ({ relay, emulator } = pair);
});

after(() => pair.stop());

const event = (id, more = {}) => JSON.stringify({ platformConversationId: id, text: "hello", ...more });

/** A request with the relay's key; `close` ends an answer that goes on. */
async function ask(path, { headers = {}, ...init } = {}) {
  const answer = await fetch(`${relay.url}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${relay.key}`, ...headers },
  });
  return Object.assign(answer, { close: () => answer.body?.cancel() });
}

/** Every route with every method, with a key and without. */
async function everywhere(check, headers = {}) {
  for (const path of PATHS) {
    for (const method of METHODS) {
      for (const authorization of [`Bearer ${relay.key}`, ""]) {
        const answer = await ask(path, { method, headers: { ...headers, authorization } });
        check(answer, `${method} ${path}${authorization && " with a key"}: ${answer.status}`, path);
        await answer.close();
      }
    }
  }
}

describe("security headers", () => {
  test("are on every answer of every route", async () => {
    const statuses = new Set();
    await everywhere((answer, what) => {
      statuses.add(answer.status);
      for (const [name, value] of Object.entries(SECURITY)) {
        assert.equal(answer.headers.get(name), value, `${name}: ${what}`);
      }
    });
    for (const status of [200, 401, 404, 405, 415]) assert.ok(statuses.has(status), `no ${status} was seen`);
  });

  test("are on what is sent on its way, and on a stream", async () => {
    const sent = await relay.send(event("secured"));
    assert.equal(sent.status, 200);
    const stream = await ask("/conversations/secured/stream");
    assert.equal(stream.headers.get("content-type"), "text/event-stream");
    for (const answer of [sent, stream]) {
      for (const [name, value] of Object.entries(SECURITY)) assert.equal(answer.headers.get(name), value);
    }
    await stream.close();
  });

  test("a WebSocket opens as before", async () => {
    const socket = new WebSocket(`${relay.url.replace("http", "ws")}/conversations/secured/stream`, {
      headers: { authorization: `Bearer ${relay.key}` },
    });
    const message = await new Promise((resolve, reject) => {
      socket.onmessage = resolve;
      socket.onerror = reject;
    });
    assert.ok(message.data.length > 0);
    socket.close();
  });
});

describe("web pages", () => {
  const preflight = (path, origin, method = "GET") =>
    ask(path, {
      method: "OPTIONS",
      headers: { authorization: "", origin, "access-control-request-method": method },
    });

  test("one that is listed is told what a route takes", async () => {
    for (const [path, methods] of [
      ["/converse/ticket", "POST, OPTIONS"],
      ["/conversations/a", "GET, HEAD, DELETE, OPTIONS"],
      ["/conversations/a/stream", "GET, OPTIONS"],
      ["/ready", "GET, HEAD, OPTIONS"],
    ]) {
      for (const origin of [PAGE, "null"]) {
        const answer = await preflight(path, origin);
        assert.equal(answer.status, 204);
        assert.equal(answer.headers.get("access-control-allow-origin"), origin);
        assert.equal(answer.headers.get("access-control-allow-methods"), methods);
        assert.equal(
          answer.headers.get("access-control-allow-headers"),
          "authorization, content-type, botid, idempotency-key, prefer, last-event-id, traceparent",
        );
        assert.equal(answer.headers.get("access-control-max-age"), "600");
        assert.equal(answer.headers.get("vary"), "Origin");
        assert.equal(answer.headers.get("access-control-allow-credentials"), null);
      }
    }
  });

  test("one that is not listed is told nothing", async () => {
    for (const origin of [OTHER, "https://crm.example:8443", "http://crm.example", "HTTPS://crm.example"]) {
      const answer = await preflight("/converse/ticket", origin, "POST");
      assert.equal(answer.status, 204);
      assert.deepEqual(CORS(answer), [], origin);
      assert.equal(answer.headers.get("vary"), "Origin");
      assert.deepEqual(CORS(await ask("/health", { headers: { origin } })), [], origin);
    }
  });

  test("OPTIONS that is no preflight says what a route takes", async () => {
    for (const headers of [{}, { origin: OTHER }, { "access-control-request-method": "POST" }]) {
      const answer = await ask("/converse/ticket", { method: "OPTIONS", headers });
      assert.equal(answer.status, 204);
      assert.equal(answer.headers.get("allow"), "POST, OPTIONS");
    }
    const unknown = await preflight("/nowhere", PAGE);
    assert.equal(unknown.status, 404);
  });

  test("every answer can be read by a listed page, errors too; a webhook's by none", async () => {
    const statuses = new Set();
    await everywhere(
      (answer, what, path) => {
        if (path.startsWith("/webhooks/")) {
          assert.deepEqual([...CORS(answer), answer.headers.get("vary")], [null], what);
          return;
        }
        statuses.add(answer.status);
        assert.equal(answer.headers.get("access-control-allow-origin"), PAGE, what);
        assert.equal(answer.headers.get("access-control-expose-headers"), EXPOSED, what);
        assert.equal(answer.headers.get("access-control-allow-credentials"), null, what);
        assert.equal(answer.headers.get("vary"), "Origin", what);
      },
      { origin: PAGE },
    );
    for (const status of [200, 204, 401, 404, 405, 415]) {
      assert.ok(statuses.has(status), `no ${status} was seen`);
    }
    const answer = await preflight("/webhooks/ticket", PAGE, "POST");
    assert.deepEqual([answer.status, ...CORS(answer), answer.headers.get("vary")], [204, null]);
  });

  test("whose caller is no page is told that others would be answered otherwise", async () => {
    const answer = await ask("/health");
    assert.deepEqual([...CORS(answer), answer.headers.get("vary")], ["Origin"]);
  });
});

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The lines that the relay wrote of this. */
const lines = (member, value) =>
  log
    .filter((line) => line.startsWith("{"))
    .map(JSON.parse)
    .filter((line) => line[member] === value);

const fail = (conversation, times = 1) =>
  emulator.admin("/faults", {
    method: "POST",
    body: { fault: { kind: "status", status: 503 }, times, conversation },
  });

/** What reached the API in a conversation. */
async function received(conversation) {
  const { body } = await emulator.admin(`/journal?kind=event&conversation=${conversation}`);
  return body.entries;
}

describe("a request's id", () => {
  test("is on every answer, is never the caller's, and never the same", async () => {
    const ids = [];
    await everywhere(
      (answer, what) => {
        ids.push(answer.headers.get("x-request-id"));
        assert.match(ids.at(-1), UUID, what);
      },
      { "x-request-id": "11111111-1111-4111-8111-111111111111" },
    );
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(!ids.includes("11111111-1111-4111-8111-111111111111"));
  });

  test("stands in the lines about the request, though several run at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        ask("/webhooks/ticket", { method: "POST", body: "{}", headers: { authorization: "" } }),
      ),
    );
    for (const answer of answers) {
      assert.equal(answer.status, 401);
      const id = answer.headers.get("x-request-id");
      const [line] = await until("the line", () => lines("request", id).length > 0 && lines("request", id));
      assert.deepEqual([line.event, line.cause], ["webhook-refused", "webhook-unproven"]);
    }
  });

  test("stands in the line of the try that the caller waits for, and in none of the alarm's", async () => {
    await fail("logged", 2);
    const answer = await relay.send(event("logged"));
    assert.equal(answer.status, 202);
    const id = answer.headers.get("ticketwire-event");
    const [first, second] = await until("two lines", () => lines("id", id).length > 1 && lines("id", id));
    assert.deepEqual([first.event, first.request], ["event-waits", answer.headers.get("x-request-id")]);
    assert.deepEqual([second.event, second.request, second.trace], ["event-waits", undefined, undefined]);
  });
});

describe("a trace", () => {
  const TRACE = "0af7651916cd43dd8448eb211c80319c";
  const PARENT = "b7ad6b7169203331";
  const CALLER = `00-${TRACE}-${PARENT}-01`;
  const CHILD = new RegExp(`^00-${TRACE}-([0-9a-f]{16})-01$`);

  test("is carried on by each try, under a parent of its own, and stands in the log", async () => {
    await fail("traced", 2);
    const answer = await relay.send(event("traced"), { traceparent: CALLER, tracestate: "vendor=secret" });
    assert.equal(answer.status, 202);
    const tries = await until("three tries", async () => {
      const entries = await received("traced");
      return entries.length > 2 && entries;
    });
    assert.deepEqual(
      tries.map(({ status }) => status),
      [503, 503, 200],
    );
    const parents = tries.map(({ headers }) => CHILD.exec(headers.traceparent)?.[1]);
    assert.equal(new Set([...parents, PARENT, undefined]).size, 5, `${parents}`);
    for (const { headers } of tries) assert.equal(headers.tracestate, undefined);
    const written = lines("id", answer.headers.get("ticketwire-event"));
    assert.deepEqual(
      written.map(({ trace }) => trace),
      [TRACE, TRACE],
    );
  });

  test("that is malformed, or none, is not", async () => {
    for (const [index, traceparent] of [
      undefined,
      CALLER.toUpperCase(),
      CALLER.replace("00-", "01-"),
      `${CALLER}-01`,
      `00-${"0".repeat(32)}-${PARENT}-01`,
      `00-${TRACE}-${"0".repeat(16)}-01`,
    ].entries()) {
      const headers = traceparent === undefined ? {} : { traceparent };
      assert.equal((await relay.send(event(`untraced-${index}`), headers)).status, 200);
      const [entry] = await received(`untraced-${index}`);
      assert.equal(entry.headers.traceparent, undefined, traceparent);
    }
  });

  test("is carried on where an event is sent directly, too", async (t) => {
    const direct = await startPair({ relay: { DELIVERY: "direct" } });
    t.after(() => direct.stop());
    assert.equal((await direct.relay.send(event("direct"), { traceparent: CALLER })).status, 200);
    const { body } = await direct.emulator.admin("/journal?kind=event&conversation=direct");
    const [, parent] = CHILD.exec(body.entries[0].headers.traceparent);
    assert.notEqual(parent, PARENT);
  });
});

describe("how often one may call", () => {
  const LIMIT = 3;
  const start = (t, options) =>
    startRelay({
      variables: { WEBHOOK_SECRETS: WEBHOOK_SECRET, RELAY_KEYS: KEYS.join(), API_KEY: "no key of anybody" },
      rateLimit: LIMIT,
      onLog: (line) => log.push(line),
      ...options,
    }).then((limited) => (t.after(() => limited.stop()), limited));
  const KEYS = [secret("relay"), secret("relay")];
  const WEBHOOK_SECRET = secret("webhook");

  /** The statuses of so many that one window must hold more than the limit, wherever it begins. */
  async function statuses(url, init, count = 2 * LIMIT + 1) {
    const found = [];
    for (let sent = 0; sent < count; sent += 1) {
      const answer = await fetch(url, init);
      found.push(answer.status);
      if (answer.status === 429) {
        assert.equal(answer.headers.get("retry-after"), "60");
        assert.equal((await answer.json()).code, "rate-limited");
        assert.match(answer.headers.get("x-request-id"), UUID);
      } else {
        await answer.body?.cancel();
      }
    }
    return found;
  }

  const bearer = (key) => ({ headers: { authorization: `Bearer ${key}` } });

  test("each key by itself, in either form: 429 beyond the limit", async (t) => {
    const { url } = await start(t);
    const first = await statuses(`${url}/parked`, bearer(KEYS[0]));
    assert.deepEqual(first.slice(0, LIMIT), Array(LIMIT).fill(200));
    assert.ok(first.includes(429), `${first}`);
    const raw = await statuses(`${url}/events/a-1`, { headers: { authorization: KEYS[1] } });
    assert.ok(raw[0] === 404 && raw.includes(429), `${raw}`);
    const [again] = await statuses(`${url}/parked`, bearer(KEYS[1]), 1);
    assert.equal(again, 429, "the same key in its other form");
  });

  test("who shows nothing of ours is counted, and does not stand in the way of who does", async (t) => {
    const { url } = await start(t);
    const guesses = await statuses(`${url}/parked`, bearer("a guess at some key"));
    assert.ok(guesses[0] === 401 && guesses.includes(429), `${guesses}`);
    assert.deepEqual(await statuses(`${url}/parked`, bearer(KEYS[0]), 1), [200]);
    const posted = { method: "POST", body: "{}" };
    const unproven = await statuses(`${url}/webhooks/ticket/guess`, posted);
    assert.ok(unproven.includes(429), `${unproven}`);
    const proven = await statuses(`${url}/webhooks/ticket/${WEBHOOK_SECRET}`, posted);
    assert.deepEqual(new Set(proven), new Set([400]));
    const ready = await statuses(`${url}/ready`);
    assert.ok(ready.includes(429), `${ready}`);
    for (const path of ["/health", "/version"]) {
      assert.deepEqual(new Set(await statuses(`${url}${path}`)), new Set([200]));
    }
  });

  test("a binding that fails, or that is missing, lets everybody through", async (t) => {
    const broken = await start(t, {
      rateLimit: false,
      variables: { RATE_LIMIT: "no binding", RELAY_KEYS: KEYS.join() },
    });
    assert.deepEqual(new Set(await statuses(`${broken.url}/parked`, bearer(KEYS[0]))), new Set([200]));
    await until("a line", () => lines("event", "rate-limit-failed").length === 2 * LIMIT + 1);
    const missing = await start(t, { rateLimit: false });
    assert.deepEqual(new Set(await statuses(`${missing.url}/parked`, bearer(KEYS[0]))), new Set([200]));
  });
});

describe("a data point for each request", () => {
  // What stands in for the platform's dataset, whose points nobody can read here.
  const DATASET = `
    import { WorkerEntrypoint } from "cloudflare:workers";
    export default class extends WorkerEntrypoint {
      writeDataPoint(point) {
        console.log("point " + JSON.stringify(point));
      }
    }`;

  test("says which route, how it ended and how long it took, and nothing of the caller's", async (t) => {
    const points = [];
    const counted = await startRelay({
      services: { METRICS: DATASET },
      onLog: (line) => line.startsWith("point ") && points.push(JSON.parse(line.slice(6))),
    });
    t.after(() => counted.stop());
    for (const [path, method, headers, expected] of [
      ["/health", "GET", {}, ["health", "GET", "ok", 200]],
      ["/parked", "GET", { authorization: "" }, ["parked", "GET", "no-key", 401]],
      ["/conversations/a", "DELETE", { botid: "any" }, ["conversation", "DELETE", "ok", 204]],
      ["/conversations/a", "PATCH", {}, ["conversation", "other", "wrong-method", 405]],
      ["/a-secret", "OPTIONS", {}, ["none", "OPTIONS", "no-such-route", 404]],
    ]) {
      const authorization = `Bearer ${counted.key}`;
      const answer = await fetch(`${counted.url}${path}`, { method, headers: { authorization, ...headers } });
      assert.equal(answer.status, expected.at(-1));
      const [point] = await until(`the point of ${path}`, () => points.length > 0 && points.splice(0));
      const [status, ms] = point.doubles;
      assert.deepEqual([...point.blobs, status], expected);
      assert.deepEqual(point.indexes, [expected[0]]);
      assert.ok(Number.isInteger(ms) && ms >= 0 && ms < 30_000, `${ms} ms`);
    }
  });

  test("that can't be written changes no answer", async (t) => {
    for (const options of [
      { variables: { METRICS: "no dataset" } },
      { services: { METRICS: DATASET.replace("console", "throw new Error(); console") } },
    ]) {
      const counted = await startRelay(options);
      t.after(() => counted.stop());
      assert.equal((await counted.get("/health")).status, 200);
    }
  });
});
