// `POST /calls` in workerd: a call in a body is answered as it would be by itself.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { SignJWT } from "jose";
import { secret } from "../../scripts/local.mjs";
import { BOT_ID, startPair, startRelay, until } from "./harness.mjs";

const VECTORS = JSON.parse(readFileSync(new URL("../vectors/events.json", import.meta.url)));
const PAGE = "https://crm.example";
const OTHER_PAGE = "https://crm.example.evil";
const SESSION_SECRET = secret("session-secret-of-32-bytes");

let pair;
let relay;
let emulator;
before(async () => {
  pair = await startPair({ relay: { ALLOWED_ORIGINS: PAGE, SESSION_SECRETS: `a:${SESSION_SECRET}` } });
  ({ relay, emulator } = pair);
});
after(() => pair.stop());

const path = (id) => `/conversations/${encodeURIComponent(id)}`;
const event = (id, text = "hello") => ({ platformConversationId: id, text });
const bearer = (token = relay.key) => ({ authorization: `Bearer ${token}` });

/** A call as text, around a body as it stands. */
const around = (body, headers = bearer()) =>
  `{"path":"/converse/ticket","headers":${JSON.stringify(headers)},"body":${body}}`;

const post = (call, { url = relay.url, ...init } = {}) =>
  fetch(`${url}/calls`, {
    method: "POST",
    body: typeof call === "object" && !(call instanceof ReadableStream) ? JSON.stringify(call) : call,
    ...init,
  });

/** Calls, and gives what stands in the answer. */
async function ask(call, init) {
  const outer = await post(call, init);
  const text = await outer.text();
  assert.equal(outer.headers.get("content-type"), "application/json", text);
  const answer = JSON.parse(text);
  assert.deepEqual(Object.keys(answer), ["status", "headers", "body"]);
  assert.equal(outer.status, answer.status === 204 ? 200 : answer.status);
  assert.equal(answer.headers["x-request-id"], outer.headers.get("x-request-id"));
  return { ...answer, outer };
}

/** Asserts a problem in the answer to a call, and gives its document. */
async function refused(call, status, code, init) {
  const { body, headers, ...answer } = await ask(call, init);
  assert.deepEqual([answer.status, body?.code], [status, code], JSON.stringify(body));
  assert.equal(body.status, status);
  assert.equal(headers["content-type"], "application/problem+json");
  return { ...body, headers };
}

const pointers = ({ errors }) => errors.map(({ pointer, code }) => `${pointer} ${code}`);

const token = (claims) => {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ aud: "ticketwire", iat: now, exp: now + 60, scope: "send read", ...claims })
    .setProtectedHeader({ alg: "HS256", kid: "a" })
    .sign(new TextEncoder().encode(SESSION_SECRET));
};

describe("an event in a call", () => {
  test("is sent byte for byte, and its reply is read by a call", async () => {
    const body = `{ "text":"\\u00e4 ä",\t"platform" : "PUBLIC_API",\n "platformConversationId":"there/and back" }`;
    const sent = await ask(around(body));
    assert.deepEqual([sent.status, sent.body], [200, null]);
    const { entries } = (await emulator.admin("/journal?kind=event&conversation=there%2Fand%20back")).body;
    assert.deepEqual(
      entries.map((entry) => entry.body),
      [body],
    );
    const page = { path: `${path("there/and back")}?after=0&limit=50`, headers: bearer() };
    const read = await until("the reply", async () => {
      const answer = await ask(page);
      return answer.body.entries?.some(({ reply }) => reply) && answer;
    });
    assert.equal(read.headers["content-type"], "application/json");
    assert.deepEqual(read.body, await (await relay.get(page.path)).json());
    const { body: after } = await ask({
      ...page,
      path: page.path.replace("after=0", `after=${read.body.entries[0].seq}`),
    });
    assert.deepEqual(after.entries, read.body.entries.slice(1));
  });

  test("whose caller does not wait is answered 202, with where to ask", async () => {
    const { status, headers, body, outer } = await ask({
      method: "POST",
      path: "/converse/ticket",
      headers: { ...bearer(), Prefer: "respond-async" },
      body: event("async"),
    });
    assert.deepEqual([status, headers["preference-applied"]], [202, "respond-async"]);
    assert.deepEqual([body.id, `/events/${body.id}`], [headers["ticketwire-event"], headers.location]);
    assert.equal(outer.headers.get("location"), headers.location, "it is where it was, too");
    await until("delivery", async () => {
      const report = await ask({ path: headers.location, headers: bearer() });
      return report.body.state === "delivered";
    });
  });

  test("is taken once for each idempotency key, by whichever way it comes", async () => {
    const body = JSON.stringify(event("once"));
    const headers = { ...bearer(), "Idempotency-Key": "one" };
    const first = await ask(around(body, headers));
    assert.deepEqual([first.status, first.headers["idempotency-replayed"]], [200, undefined]);
    const again = await ask(around(body, headers));
    assert.deepEqual([again.status, again.headers["idempotency-replayed"]], [200, "true"]);
    const plain = await relay.send(body, { "idempotency-key": "one" });
    assert.equal(plain.headers.get("idempotency-replayed"), "true");
    for (const answer of [again.headers["ticketwire-event"], plain.headers.get("ticketwire-event")]) {
      assert.equal(answer, first.headers["ticketwire-event"]);
    }
    await refused(around(JSON.stringify(event("once", "else")), headers), 409, "idempotency-key-reused");
    await refused(around(body, { ...headers, "Idempotency-Key": "o n e" }), 400, "invalid-idempotency-key");
  });

  test("is checked as it is by itself: every vector that a call can hold", async () => {
    const isJson = (text) => {
      try {
        return JSON.parse(`[${text}]`).length === 1;
      } catch {
        return false;
      }
    };
    const inputs = VECTORS.filter(({ input }) => input !== undefined && isJson(input));
    const codes = new Set();
    for (const { name, input } of inputs) {
      const plain = await relay.send(input.trim());
      const called = await ask(around(input));
      assert.equal(called.status, plain.status, name);
      assert.equal(
        called.headers["ticketwire-warnings"],
        plain.headers.get("ticketwire-warnings") ?? undefined,
      );
      const document = plain.status === 400 ? await plain.json() : null;
      if (document) assert.deepEqual(called.body, document, name);
      for (const { code } of document?.errors ?? []) codes.add(code);
    }
    assert.ok(inputs.length > 50 && codes.size > 10, `${inputs.length}, ${[...codes]}`);
  });

  test("of one that is no JSON, the call is none either", async () => {
    assert.deepEqual(pointers(await refused(around('{"text":}'), 400, "invalid-call")), [" not-json"]);
  });

  test("carries on its own trace, or else the one around it", async () => {
    const [own, other] = ["0af7651916cd43dd8448eb211c80319c", "11111111111111111111111111111111"];
    const traceparent = (trace) => `00-${trace}-b7ad6b7169203331-01`;
    const init = { headers: { traceparent: traceparent(other) } };
    const headers = { ...bearer(), traceparent: traceparent(own) };
    await ask(around(JSON.stringify(event("own-trace")), headers), init);
    await ask(around(JSON.stringify(event("other-trace"))), init);
    for (const [id, trace] of [
      ["own-trace", own],
      ["other-trace", other],
    ]) {
      const { entries } = (await emulator.admin(`/journal?kind=event&conversation=${id}`)).body;
      assert.equal(entries[0].headers.traceparent.split("-")[1], trace);
    }
  });

  test("goes to the bot that the call names", async () => {
    const bot = "ffffffffffffffffffffffff";
    await emulator.admin(`/bots/${bot}`, { method: "PUT", body: { customCrm: true } });
    const headers = { ...bearer(), BotId: bot };
    assert.equal((await ask(around(JSON.stringify(event("bots")), headers))).status, 200);
    await refused(
      { path: path("bots"), headers: { ...bearer(), botid: BOT_ID } },
      404,
      "no-such-conversation",
    );
    assert.equal((await ask({ path: path("bots"), headers })).status, 200);
  });
});

describe("who calls", () => {
  test("is who the call says, and what stands around it counts for nothing", async () => {
    const { headers } = await refused({ path: "/parked" }, 401, "no-key", { headers: bearer() });
    assert.equal(headers["www-authenticate"], "Bearer");
    const wrong = { path: "/parked", headers: bearer("wrong_0123456789abcdef") };
    await refused(wrong, 401, "wrong-key", { headers: bearer() });
    const right = { path: "/parked", headers: bearer() };
    assert.equal((await ask(right, { headers: bearer("wrong_0123456789abcdef") })).status, 200);
    const raw = { path: "/parked", headers: { authorization: relay.key } };
    assert.equal((await ask(raw, { headers: { cookie: "session=1" } })).status, 200);
    await refused({ path: `/parked?token=${relay.key}` }, 401, "no-key");
  });

  test("is let in by a session where that is for it", async () => {
    const headers = bearer(await token({ conversation: "own" }));
    assert.equal((await ask(around(JSON.stringify(event("own")), headers))).status, 200);
    assert.equal((await ask({ path: path("own"), headers })).status, 200);
    await refused({ path: path("other"), headers }, 403, "foreign-conversation");
    await refused(around(JSON.stringify(event("other")), headers), 403, "foreign-conversation");
    await refused({ path: "/parked", headers }, 403, "server-key-required");
    const forged = await token({ conversation: "own" }).then((token) => token.replace(/[^.]+$/, "AAAA"));
    const { reason } = await refused({ path: path("own"), headers: bearer(forged) }, 401, "invalid-token");
    assert.equal(reason, "wrong-signature");
    const minted = await ask({ path: "/sessions", headers: bearer(), body: { conversation: "own" } });
    assert.equal(minted.status, 201);
    assert.equal((await ask({ path: path("own"), headers: bearer(minted.body.token) })).status, 200);
  });

  test("is held to the web origin of the page that calls", async () => {
    const headers = bearer(await token({ conversation: "own", origin: PAGE }));
    const call = { path: path("own"), headers };
    assert.equal((await ask(call, { headers: { origin: PAGE } })).status, 200);
    await refused(call, 403, "foreign-origin");
    await refused(call, 403, "foreign-origin", { headers: { origin: OTHER_PAGE } });
    const document = await refused({ ...call, headers: { ...headers, origin: PAGE } }, 400, "invalid-call");
    assert.deepEqual(pointers(document), ["/headers/origin unknown-member"]);
  });
});

describe("a call", () => {
  test("may be of any content type, and its URL have a query", async () => {
    const text = JSON.stringify({ path: "/health" });
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/json", "nonsense"]) {
      const { status, body } = await ask(text, { headers: { "content-type": type } });
      assert.deepEqual([status, body], [200, { status: "ok" }], type);
    }
    const answer = await fetch(`${relay.url}/calls?portalId=1&path=/parked`, { method: "POST", body: text });
    assert.deepEqual((await answer.json()).body, { status: "ok" });
  });

  test("that is wrong is told everything at once", async () => {
    const document = await refused(
      { url: "/parked", method: "get", headers: { "X-API-Key": "a", idempotency_key: "b" }, body: {} },
      400,
      "invalid-call",
    );
    assert.deepEqual(pointers(document), [
      "/url unknown-member",
      "/method unexpected-value",
      "/path missing-member",
      "/headers/X-API-Key unknown-member",
      "/headers/idempotency_key unknown-member",
    ]);
    assert.match(document.errors[4].detail, /did you mean `idempotency-key`\?/);
    for (const [body, issue] of [
      ["", " no-body"],
      ["[]", " wrong-type"],
      ['{"path":"/health","path":"/ready"}', "/path duplicate-member"],
      ['{"path":"/health","method":"GET","body":{}}', "/body unexpected-value"],
      ['{"path":"//[","headers":{"prefer":"\\n"}}', "/headers/prefer unexpected-value"],
    ]) {
      assert.deepEqual(pointers(await refused(body, 400, "invalid-call")), [issue], body);
    }
  });

  test("is for no stream, no webhook and no call, however their paths are written", async () => {
    for (const path of [
      "/calls",
      "/calls?a=b",
      "/health/../calls",
      "/conversations/a/stream",
      "/conversations/a/b/../stream?after=0",
      "/conversations/a/b/%2e%2E/stream",
      "/webhooks/ticket",
      `/webhooks/ticket/${pair.webhookSecret}`,
    ]) {
      const body = { platformConversationId: "a", text: "hello" };
      await refused({ path, headers: bearer(), body }, 400, "not-callable");
      await refused({ path, headers: bearer() }, 400, "not-callable");
    }
  });

  test("of another method than the route takes is answered 405, as it is by itself", async () => {
    for (const method of ["PUT", "PATCH", "DELETE", "GET"]) {
      const { headers } = await refused({ path: "/converse/ticket", method }, 405, "wrong-method");
      assert.equal(headers.allow, "POST, OPTIONS");
    }
    await refused({ path: "/nowhere" }, 404, "no-such-route");
    const options = await ask({ path: "/parked", method: "OPTIONS" });
    assert.deepEqual([options.status, options.headers.allow], [204, "GET, HEAD, OPTIONS"]);
    const plain = await fetch(`${relay.url}/calls`);
    assert.deepEqual([plain.status, plain.headers.get("allow")], [405, "POST, OPTIONS"]);
    assert.equal((await plain.json()).code, "wrong-method");
  });

  test("whose answer has no body is answered null", async () => {
    await ask(around(JSON.stringify(event("to-forget"))));
    const head = await ask({ method: "HEAD", path: path("to-forget"), headers: bearer() });
    assert.deepEqual([head.status, head.body], [200, null]);
    const forgotten = await ask({ method: "DELETE", path: path("to-forget"), headers: bearer() });
    assert.deepEqual([forgotten.status, forgotten.body, forgotten.outer.status], [204, null, 200]);
    await refused({ path: path("to-forget"), headers: bearer() }, 404, "no-such-conversation");
  });

  test("can be read by the pages that are listed, and by no other", async () => {
    const cors = async (call, origin) => {
      const { outer } = await ask(call, { headers: { origin, "content-type": "text/plain" } });
      assert.equal(outer.headers.get("vary"), "Origin");
      assert.equal(outer.headers.get("cache-control"), "no-store");
      assert.equal(outer.headers.get("access-control-allow-credentials"), null);
      return outer.headers.get("access-control-allow-origin");
    };
    for (const call of [{ path: "/health" }, { path: "/parked" }, { path: "/calls" }, { path: "nowhere" }]) {
      assert.equal(await cors(call, PAGE), PAGE);
      assert.equal(await cors(call, OTHER_PAGE), null);
    }
    const headers = { origin: PAGE, "access-control-request-method": "POST" };
    const preflight = await fetch(`${relay.url}/calls`, { method: "OPTIONS", headers });
    assert.equal(preflight.headers.get("access-control-allow-methods"), "POST, OPTIONS");
  });
});

describe("a call that is large", () => {
  const MAX_BODY = 2_000;
  const ROOM = 32_768;
  const ofBytes = (bytes, make) => make("x".repeat(bytes - make("").length));

  test("is measured by the body that it holds; around that there is room, and not without end", async (t) => {
    const small = await startPair({ relay: { MAX_BODY_BYTES: `${MAX_BODY}` } });
    t.after(() => small.stop());
    const headers = bearer(small.relay.key);
    const { url } = small.relay;
    const body = (text) => JSON.stringify(event("large", text));
    const most = ofBytes(MAX_BODY, body);
    assert.equal((await ask(around(most, headers), { url })).status, 200);
    const plain = await small.relay.send(`${most} `);
    const called = await refused(around(ofBytes(MAX_BODY + 1, body), headers), 413, "body-too-large", {
      url,
    });
    assert.equal(called.detail, (await plain.json()).detail);
    const padded = (bytes) => ofBytes(bytes, (pad) => `${around(most, headers)}${" ".repeat(pad.length)}`);
    assert.equal((await ask(padded(MAX_BODY + ROOM), { url })).status, 200);
    const larger = padded(MAX_BODY + ROOM + 1);
    const { detail } = await refused(larger, 413, "body-too-large", { url });
    assert.match(detail, new RegExp(`${MAX_BODY + ROOM} bytes`));
    await refused(new Blob([larger]).stream(), 413, "body-too-large", { url, duplex: "half" });
  });
});

describe("how often one may call", () => {
  const LIMIT = 3;
  const KEYS = [secret("relay"), secret("relay")];
  const limited = async (t) => {
    const relay = await startRelay({ variables: { RELAY_KEYS: KEYS.join() }, rateLimit: LIMIT });
    t.after(() => relay.stop());
    return relay;
  };

  /** The statuses of so many that one window must hold more than the limit, wherever it begins. */
  async function statuses(ask, count = 2 * LIMIT + 1) {
    const found = [];
    for (let sent = 0; sent < count; sent += 1) found.push((await ask()).status);
    return found;
  }

  test("is counted for the key in the call, as without one around it", async (t) => {
    const { url } = await limited(t);
    const parked = (key, init) => post({ path: "/parked", headers: bearer(key) }, { url, ...init });
    const first = await statuses(() => parked(KEYS[0]));
    assert.deepEqual(first.slice(0, LIMIT), Array(LIMIT).fill(200));
    assert.ok(first.includes(429), `${first}`);
    const plain = await fetch(`${url}/parked`, { headers: bearer(KEYS[0]) });
    assert.equal(plain.status, 429, "the same key by itself");
    const call = { path: "/parked", headers: bearer(KEYS[0]) };
    const { headers } = await refused(call, 429, "rate-limited", { url });
    assert.equal(headers["retry-after"], "60");
    assert.equal((await parked(KEYS[1], { headers: bearer(KEYS[0]) })).status, 200, "another key");
    assert.deepEqual(await statuses(() => fetch(`${url}/ready`), 1), [503], "nor does the address count");
    const health = await statuses(() => post({ path: "/health" }, { url }));
    assert.deepEqual(new Set(health), new Set([200]));
  });

  test("is counted by address for guesses, and for what is no call", async (t) => {
    const { url } = await limited(t);
    const from = (address) => ({ url, headers: { "cf-connecting-ip": address } });
    const guess = (address) => post({ path: "/parked", headers: bearer("a guess") }, from(address));
    const guesses = await statuses(() => guess("192.0.2.1"));
    assert.ok(guesses[0] === 401 && guesses.includes(429), `${guesses}`);
    assert.deepEqual(await statuses(() => guess("192.0.2.2"), 1), [401], "another address");
    for (const [at, call] of ["{", { path: "/calls" }].entries()) {
      const found = await statuses(() => post(call, from(`198.51.100.${at}`)));
      assert.ok(found[0] === 400 && found.includes(429), `${found}`);
    }
    const key = () => post({ path: "/parked", headers: bearer(KEYS[0]) }, from("192.0.2.1"));
    assert.deepEqual(await statuses(key, 1), [200], "who has a key stands behind no guesses");
  });
});

test("a call is counted as what it calls, and what is no call as such", async (t) => {
  const points = [];
  const DATASET = `
    import { WorkerEntrypoint } from "cloudflare:workers";
    export default class extends WorkerEntrypoint {
      writeDataPoint(point) { console.log("point " + JSON.stringify(point)); }
    }`;
  const counted = await startRelay({
    services: { METRICS: DATASET },
    onLog: (line) => line.startsWith("point ") && points.push(JSON.parse(line.slice(6))),
  });
  t.after(() => counted.stop());
  const headers = bearer(counted.key);
  for (const [call, expected] of [
    [{ path: "/parked", headers }, ["parked", "GET", "ok", 200]],
    [
      { method: "DELETE", path: "/conversations/a", headers: { ...headers, botid: "any" } },
      ["conversation", "DELETE", "ok", 204],
    ],
    [{ path: "/parked" }, ["parked", "GET", "no-key", 401]],
    [{ path: "/a-secret" }, ["none", "GET", "no-such-route", 404]],
    [{ path: "/calls", body: {} }, ["calls", "POST", "not-callable", 400]],
    ["a secret", ["calls", "POST", "invalid-call", 400]],
  ]) {
    await post(call, { url: counted.url });
    const seen = await until(`the point of ${expected}`, () => points.length > 0 && points.splice(0));
    assert.deepEqual(
      seen.map(({ blobs, doubles }) => [...blobs, doubles[0]]),
      [expected],
    );
  }
});
