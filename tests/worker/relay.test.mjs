// The relay in workerd, with the emulator in workerd behind it, over HTTP.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { BOT_ID, EXAMPLE, problem, startPair, startRelay, until } from "./harness.mjs";

const VECTORS = JSON.parse(readFileSync(new URL("../vectors/events.json", import.meta.url)));

let pair;
let relay;
let emulator;
const log = [];

before(async () => {
  pair = await startPair({ relay: { DELIVERY: "direct" }, onLog: (line) => log.push(line) });
  ({ relay, emulator } = pair);
});

after(() => pair.stop());

const event = (id, more = {}) =>
  JSON.stringify({ platformConversationId: id, platform: "PUBLIC_API", ...more });

async function received(conversation, kind = "event") {
  const { body } = await emulator.admin(
    `/journal?kind=${kind}&conversation=${encodeURIComponent(conversation)}`,
  );
  return body.entries;
}

async function works() {
  const answer = await relay.send(event("still-works"));
  assert.equal(answer.status, 200, await answer.text());
}

describe("the way of an event", () => {
  test("the example arrives byte for byte, and its reply comes back", async () => {
    const answer = await relay.send(EXAMPLE);
    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), "");
    assert.equal(answer.headers.get("ticketwire-warnings"), null);

    const conversation = JSON.parse(EXAMPLE).platformConversationId;
    const [entry] = await received(conversation);
    assert.equal(entry.method, "POST");
    assert.equal(entry.path, "/converse/ticket");
    assert.equal(Buffer.from(entry.bodyBase64, "base64").toString(), EXAMPLE);
    assert.equal(entry.headers.authorization, emulator.key);
    assert.equal(entry.headers.botid, BOT_ID);
    assert.equal(entry.headers["content-type"], "application/json");

    const entries = await until("the reply", async () => {
      const page = await relay.get(`/conversations/${conversation}`);
      return page.status === 200 && (await page.json()).entries;
    });
    assert.equal(entries.length, 1, "nothing of the event is kept");
    assert.match(entries[0].reply.text, /address/);
    assert.equal(entries[0].reply.botId, BOT_ID);
  });

  test("white space and escapes are not touched, and a missing platform is filled in", async () => {
    const verbatim =
      ' {"platform" : "PUBLIC_API",\n "text":"\\u00e4 \\ud83d\\ude00", "platformConversationId":"verbatim"}\n';
    assert.equal((await relay.send(verbatim)).status, 200);
    const [entry] = await received("verbatim");
    assert.equal(Buffer.from(entry.bodyBase64, "base64").toString(), verbatim);

    assert.equal((await relay.send('{"platformConversationId":"filled-in","text":"hi"}')).status, 200);
    const [filled] = await received("filled-in");
    assert.deepEqual(JSON.parse(filled.body), {
      platformConversationId: "filled-in",
      text: "hi",
      platform: "PUBLIC_API",
    });
  });

  test("warnings travel in a header and do not block", async () => {
    const answer = await relay.send(
      event("warned", { metaData: [{ key: "integrationId", value: "jo@example.com" }] }),
    );
    assert.equal(answer.status, 200);
    assert.equal(
      answer.headers.get("ticketwire-warnings"),
      "reserved-name /metaData/0/key, personal-data /metaData/0/value",
    );
  });

  test("botid chooses another bot, with conversations of its own", async () => {
    const other = "ffffffffffffffffffffffff";
    await emulator.admin(`/bots/${other}`, { method: "PUT", body: { customCrm: true } });
    assert.equal((await relay.send(event("two-bots", { text: "Hi" }), { botid: other })).status, 200);
    assert.equal((await received("two-bots"))[0].headers.botid, other);
    await until("the other bot's reply", async () => {
      return (await relay.get("/conversations/two-bots", { botid: other })).status === 200;
    });
    await problem(await relay.get("/conversations/two-bots"), 404, "no-such-conversation");
    await problem(await relay.send(event("x"), { botid: "not a bot" }), 400, "invalid-bot-id");
  });
});

describe("a conversation", () => {
  let durable;
  before(async () => (durable = await startPair()));
  after(() => durable.stop());

  test("holds its events, but for what is to be sanitized", async () => {
    assert.equal((await durable.relay.send(EXAMPLE)).status, 200);
    const { platformConversationId, text } = JSON.parse(EXAMPLE);
    const page = await (await durable.relay.get(`/conversations/${platformConversationId}`)).json();
    assert.equal(page.entries[0].event.text, text);
    assert.deepEqual(page.entries[0].event.metaData, [
      { key: "order_id", sanitize: true },
      { key: "customer_id", value: "user-9742" },
    ]);
  });

  test("is read page by page", async () => {
    for (const text of ["one", "two", "three"])
      await durable.relay.send(event("paged ä/1", { text, metaData: [] }));
    const page = async (query) =>
      (await durable.relay.get(`/conversations/${encodeURIComponent("paged ä/1")}?${query}`)).json();
    const events = (entries) => entries.filter((each) => each.event).map((each) => each.event.text);
    const first = await page("limit=2");
    assert.equal(first.platformConversationId, "paged ä/1");
    assert.equal(first.entries.length, 2);
    const rest = await page(`after=${first.nextAfter}`);
    assert.deepEqual(events([...first.entries, ...rest.entries]), ["one", "two", "three"]);
    await problem(await durable.relay.get("/conversations/x?limit=0"), 400, "invalid-query");
  });

  test("a page ends where it gets too large", async () => {
    const text = "x".repeat(500_000);
    for (let index = 0; index < 10; index += 1) await durable.relay.send(event("large", { text }));
    const events = ({ entries }) => entries.filter((entry) => entry.event).length;
    const page = await (await durable.relay.get("/conversations/large")).json();
    assert.ok(events(page) < 10 && page.nextAfter > 0, `${events(page)} events`);
    let found = 0;
    for (let after = 0; after !== undefined;) {
      const next = await (await durable.relay.get(`/conversations/large?after=${after}`)).json();
      found += events(next);
      after = next.nextAfter;
    }
    assert.equal(found, 10);
  });
});

describe("what is refused", () => {
  test("every fault of an event is named at once, with its place", async () => {
    const body =
      '{"platformConversationId":7,"metadata":[],"metaData":[{"key":"","value":1},{"value":"x"},{"key":"a","value":"b","sanitize":"yes"}]}';
    const { errors } = await problem(await relay.send(body), 400, "invalid-event");
    assert.deepEqual(
      errors.map(({ pointer, code }) => [pointer, code]),
      [
        ["/platformConversationId", "wrong-type"],
        ["/metadata", "unknown-member"],
        ["/metaData/0/key", "empty"],
        ["/metaData/0/value", "wrong-type"],
        ["/metaData/1/key", "missing-member"],
        ["/metaData/2/sanitize", "wrong-type"],
      ],
    );
    assert.match(errors[1].detail, /did you mean `metaData`\?/);
  });

  test("a map of variables is told how to be a list", async () => {
    const { errors } = await problem(
      await relay.send('{"platformConversationId":"c","metaData":{"a":"b"}}'),
      400,
      "invalid-event",
    );
    assert.equal(errors[0].code, "map-instead-of-list");
    assert.match(errors[0].detail, /\{"key": "…", "value": "…"\}/);
  });

  test("what is not JSON is told where", async () => {
    const { errors, detail } = await problem(await relay.send('{\n  "text": oops\n}'), 400, "invalid-event");
    assert.equal(errors[0].code, "not-json");
    assert.match(detail, /line 2, column 11/);
  });

  test("every vector gives the same issues as everywhere else", async () => {
    const usual = VECTORS.filter(
      (each) => !each.limits && !each.unknownMembers && each.fillInPlatform === undefined,
    );
    assert.ok(usual.length > 50);
    for (const { name, input, inputHex, issues, warnings } of usual) {
      const answer = await relay.send(input ?? Buffer.from(inputHex, "hex"));
      if (issues.length === 0) {
        assert.equal(answer.status, 200, name);
        assert.equal(
          answer.headers.get("ticketwire-warnings") ?? "",
          warnings.map(([place, code]) => `${code} ${place}`).join(", "),
          name,
        );
      } else {
        const { errors } = await problem(answer, 400, "invalid-event");
        assert.deepEqual(
          errors.map((error) => [error.pointer, error.code]),
          issues,
          name,
        );
      }
    }
  });

  test("what is accepted, the emulator acknowledges", async () => {
    for (const { input } of VECTORS.filter((each) => each.issues.length === 0)) {
      const headers = { authorization: emulator.key, botid: BOT_ID, "content-type": "application/json" };
      const sent = input.includes('"platform"') ? input : input.replace("{", '{"platform":"PUBLIC_API",');
      const answer = await fetch(`${emulator.url}/converse/ticket`, { method: "POST", headers, body: sent });
      assert.equal(answer.status, 200, input);
    }
  });

  test("of events made at random, what the relay accepts the emulator acknowledges", async () => {
    const seed = 20_261_122;
    const counts = { 200: 0, 400: 0 };
    const dice = random(seed);
    for (let round = 0; round < 400; round += 1) {
      const body = JSON.stringify(randomEvent(dice));
      const answer = await relay.send(body);
      // Anything that the emulator does not acknowledge would be a 502.
      assert.ok(answer.status in counts, `seed ${seed}, round ${round}: ${answer.status} for ${body}`);
      counts[answer.status] += 1;
    }
    assert.ok(counts[200] > 50 && counts[400] > 50, JSON.stringify(counts));
  });

  for (const [name, body, status, code] of [
    ["10,000 levels of lists", "[".repeat(10_000), 400, "invalid-event"],
    [
      "10,000 levels in a member",
      `{"platformConversationId":"c","text":${"[".repeat(10_000)}${"]".repeat(10_000)}}`,
      400,
      "invalid-event",
    ],
    [
      "10,000 levels in a stranger",
      `{"platformConversationId":"c","x":${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}}`,
      400,
      "invalid-event",
    ],
    [
      "100,000 strangers",
      `{${Array.from({ length: 80_000 }, (_, index) => `"a${index}":1`).join()}}`,
      400,
      "invalid-event",
    ],
    ["bytes that are not UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), 400, "invalid-event"],
    ["lone surrogates", '{"platformConversationId":"\\ud800"}', 400, "invalid-event"],
    ["U+0000", '{"platformConversationId":"a\\u0000b"}', 400, "invalid-event"],
    [
      "members that stand twice",
      '{"platformConversationId":"a","platformConversationId":"b"}',
      400,
      "invalid-event",
    ],
    ["numbers for strings", '{"platformConversationId":1,"text":2}', 400, "invalid-event"],
    ["a huge number", `{"platformConversationId":"c","text":1${"0".repeat(100_000)}}`, 400, "invalid-event"],
    ["nothing", "", 400, "invalid-event"],
    ["a byte too many", `{"platformConversationId":"${"x".repeat(1_048_576)}"}`, 413, "body-too-large"],
  ]) {
    test(`${name}: ${status}, and the next request works`, async () => {
      await problem(await relay.send(body), status, code);
      await works();
    });
  }

  test("100 MB: 413 without reading them, and the next request works", async () => {
    for (const header of ["content-length: 100000000", "transfer-encoding: chunked"]) {
      const { status, sent } = await answered(() => flood(header, 100_000_000));
      assert.equal(status, 413);
      assert.ok(sent < 50_000_000, `${sent} bytes were taken`);
      await works();
    }
  });

  test("more issues than are listed are counted", async () => {
    const body = `{${Array.from({ length: 150 }, (_, index) => `"a${index}":1`).join()}}`;
    const { errors, errorsOmitted } = await problem(await relay.send(body), 400, "invalid-event");
    assert.deepEqual([errors.length, errorsOmitted], [100, 51]);
  });

  test("another type than JSON: 415", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", ""]) {
      await problem(await relay.send(Buffer.from("{}"), { "content-type": type }), 415, "wrong-content-type");
    }
    const charset = { "content-type": "Application/JSON; charset=utf-8" };
    assert.equal((await relay.send(event("charset"), charset)).status, 200);
  });

  test("a wrong method: 405, and what would be right", async () => {
    for (const [path, method, allow] of [
      ["/converse/ticket", "GET", "POST, OPTIONS"],
      ["/converse/ticket", "TRACE", "POST, OPTIONS"],
      ["/webhooks/ticket/x", "PUT", "POST, OPTIONS"],
      ["/conversations/x", "POST", "GET, HEAD, DELETE, OPTIONS"],
      ["/health", "DELETE", "GET, HEAD, OPTIONS"],
    ]) {
      const answer = await raw(method, path);
      assert.equal(answer.status, 405, `${method} ${path}`);
      assert.equal(answer.headers.allow, allow);
    }
  });

  test("a path that is no route: 404", async () => {
    for (const path of ["/", "/converse", "/converse/ticket/", "/conversations/", "/Health"]) {
      await problem(await relay.get(path), 404, "no-such-route");
    }
  });
});

describe("who may call", () => {
  test("no key, a wrong key, a right one in either form", async () => {
    const call = (headers) =>
      fetch(`${relay.url}/converse/ticket`, {
        method: "POST",
        body: event("auth"),
        headers: { "content-type": "application/json", ...headers },
      });
    const none = await call({});
    assert.equal(none.headers.get("www-authenticate"), "Bearer");
    await problem(none, 401, "no-key");
    await problem(await call({ authorization: "Bearer nonsense" }), 401, "wrong-key");
    await problem(await call({ authorization: `Bearer ${relay.key}x` }), 401, "wrong-key");
    await problem(await call({ authorization: `Basic ${relay.key}` }), 401, "wrong-key");
    for (const authorization of [`Bearer ${relay.key}`, `bearer ${relay.key}`, relay.key]) {
      assert.equal((await call({ authorization })).status, 200);
    }
    await problem(await fetch(`${relay.url}/conversations/x`), 401, "no-key");
  });

  test("a stranger learns nothing about a body", async () => {
    await problem(await relay.send("not json", { authorization: "Bearer nonsense" }), 401, "wrong-key");
  });
});

describe("when the API fails", () => {
  const fault = (fault, conversation) =>
    emulator.admin("/faults", { method: "POST", body: { fault, conversation } });

  test("each status has its own answer, and none is passed on", async () => {
    for (const [status, code] of [
      [302, "api-redirected"],
      [400, "api-refused-event"],
      [401, "api-credentials-refused"],
      [403, "api-credentials-refused"],
      [404, "api-not-found"],
      [413, "api-refused-event"],
      [429, "api-rate-limited"],
      [500, "api-failed"],
      [503, "api-failed"],
    ]) {
      await fault({ kind: "status", status, retryAfter: 30 }, `api-${status}`);
      const answer = await relay.send(event(`api-${status}`));
      const helps = status === 429 || status >= 500;
      assert.equal(answer.headers.get("retry-after"), helps ? "30" : null);
      const { apiStatus } = await problem(answer, 502, code);
      assert.equal(apiStatus, status);
      await problem(await relay.get(`/conversations/api-${status}`), 404, "no-such-conversation");
    }
    await works();
  });

  test("refused credentials show in /ready until the API takes them again", async () => {
    await emulator.admin(`/bots/${BOT_ID}`, { method: "DELETE" });
    await problem(await relay.send(event("refused")), 502, "api-credentials-refused");
    const ready = await relay.get("/ready");
    assert.equal(ready.status, 503);
    const report = await ready.json();
    assert.equal(report.ready, false);
    assert.equal(report.apiCredentials.code, "api-credentials-refused");
    assert.equal(report.apiCredentials.apiStatus, 401);

    await emulator.admin(`/bots/${BOT_ID}`, { method: "PUT", body: { customCrm: true } });
    await works();
    assert.equal((await relay.get("/ready")).status, 200);
  });

  test("a redirect is not followed, nor the key sent along", async (t) => {
    let followed = 0;
    const server = createServer((incoming, outgoing) => {
      if (incoming.url === "/elsewhere") followed += 1;
      outgoing.writeHead(307, { location: "/elsewhere" }).end();
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => server.close());
    const other = await startRelay({
      variables: {
        DELIVERY: "direct",
        API_KEY: "emu_key",
        API_BASE_URL: `http://127.0.0.1:${server.address().port}`,
      },
    });
    t.after(() => other.stop());
    await problem(await other.send(event("c")), 502, "api-redirected");
    assert.equal(followed, 0);
  });

  test("no answer in time: 504; no connection: 502; neither stops the relay", async (t) => {
    const impatient = await startPair({ relay: { DELIVERY: "direct", API_TIMEOUT_MS: "300" } });
    t.after(() => impatient.stop());
    await impatient.emulator.admin("/faults", { method: "POST", body: { fault: { kind: "no-answer" } } });
    await problem(await impatient.relay.send(event("c")), 504, "api-timed-out");
    assert.equal((await impatient.relay.send(event("c"))).status, 200);
    await impatient.emulator.stop();
    await problem(await impatient.relay.send(event("c")), 502, "api-unreachable");
  });
});

describe("operation", () => {
  test("health, version, ready", async () => {
    assert.deepEqual(await (await relay.get("/health")).json(), { status: "ok" });
    const { version } = await (await relay.get("/version")).json();
    assert.match(readFileSync("Cargo.toml", "utf8"), new RegExp(`^version = "${version}"`, "m"));
    assert.deepEqual(await (await relay.get("/ready")).json(), {
      ready: true,
      settings: [],
      parked: 0,
      waiting: 0,
    });
    assert.equal((await raw("HEAD", "/health")).status, 200);
  });

  test("what is not configured is named, all at once, and nothing else is said", async (t) => {
    const bare = await startRelay({
      variables: { RELAY_KEYS: "", BOT_ID: "", API_KEY: "Bearer canary-value", MAX_TEXT_BYTES: "lots" },
    });
    t.after(() => bare.stop());
    const ready = await bare.get("/ready");
    assert.equal(ready.status, 503);
    const text = await ready.text();
    const settings = JSON.parse(text).settings.map(({ setting }) => setting);
    assert.deepEqual(settings, ["RELAY_KEYS", "API_KEY", "BOT_ID", "WEBHOOK_SECRETS", "MAX_TEXT_BYTES"]);
    assert.doesNotMatch(text, /canary-value|lots/);
    await problem(await bare.send(EXAMPLE), 503, "not-configured");
    assert.equal((await bare.get("/health")).status, 200);
  });

  test("a conversation is forgotten when its time is over", async (t) => {
    const forgetful = await startPair({ relay: { RETENTION_HOURS: "0.0005" } });
    t.after(() => forgetful.stop());
    assert.equal((await forgetful.relay.send(event("brief"))).status, 200);
    const first = await (await forgetful.relay.get("/conversations/brief")).json();
    const seen = first.entries.at(-1).seq;
    await until(
      "the conversation to be forgotten",
      async () => (await forgetful.relay.get("/conversations/brief")).status === 404,
    );
    // Who has seen the first number asks for what is behind it: the numbers go on.
    assert.equal((await forgetful.relay.send(event("brief"))).status, 200);
    const { entries } = await (await forgetful.relay.get(`/conversations/brief?after=${seen}`)).json();
    assert.equal(entries.filter((entry) => entry.event).length, 1);
  });

  test("a variable may be a number", async (t) => {
    const numbers = await startRelay({ variables: { MAX_TEXT_BYTES: 3 } });
    t.after(() => numbers.stop());
    const { errors } = await problem(await numbers.send(event("c", { text: "four" })), 400, "invalid-event");
    assert.equal(errors[0].code, "too-long");
  });

  test("no secret, text or personal value is in the log or in an answer", async () => {
    const canaries = { text: "canary-text", value: "canary-value", key: "canary-key" };
    const body = event("canary-id", {
      text: canaries.text,
      metaData: [{ key: canaries.key, value: canaries.value, sanitize: true }],
    });
    const answers = [];
    for (const status of [400, 401, 500]) {
      await emulator.admin("/faults", {
        method: "POST",
        body: { fault: { kind: "status", status }, conversation: "canary-id" },
      });
      answers.push(await (await relay.send(body)).text());
    }
    answers.push(await (await relay.send(body.replace('"canary-text"', "7"))).text());
    answers.push(await (await relay.send(body)).text(), await (await relay.get("/ready")).text());
    const said = [...log, ...answers].join("\n");
    assert.match(said, /api-failed/);
    for (const secret of [
      ...Object.values(canaries),
      "canary-id",
      relay.key,
      emulator.key,
      pair.webhookSecret,
    ]) {
      assert.ok(!said.includes(secret), secret);
    }
    const transcript = await (await relay.get("/conversations/canary-id")).text();
    assert.ok(!transcript.includes(canaries.value));
  });
});

/** A request by hand: any method, and no body unless it is written. */
function raw(method, path) {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${relay.url}${path}`, { method }, (answer) => {
      answer.resume().on("end", () => resolve({ status: answer.statusCode, headers: answer.headers }));
    });
    outgoing.on("error", reject).end();
  });
}

/** A connection that is closed on whoever still writes may take its answer along: then once more. */
async function answered(ask, tries = 5) {
  try {
    return await ask();
  } catch (error) {
    if (tries === 1) throw error;
    return answered(ask, tries - 1);
  }
}

/**
 * Sends bytes until there is an answer, behind which the other side closes its end. By a plain
 * socket and with time to read between writes: Node drops what it has not read when a write fails.
 */
function flood(header, total) {
  const { hostname, port } = new URL(relay.url);
  const head = `POST /converse/ticket HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${relay.key}\r\ncontent-type: application/json\r\n${header}\r\n\r\n`;
  const piece = Buffer.concat([Buffer.from("10000\r\n"), Buffer.alloc(65_536, " "), Buffer.from("\r\n")]);
  return new Promise((resolve, reject) => {
    let sent = 0;
    const socket = connect(Number(port), hostname, () => socket.write(head, write));
    const write = (failed) => {
      if (failed || sent >= total) return;
      sent += piece.length;
      socket.write(piece, (error) => setTimeout(write, 1, error));
    };
    socket.once("data", (data) => {
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(data)[1]), sent });
      socket.destroy();
    });
    socket.on("close", () => reject(new Error(`no answer after ${sent} bytes`)));
    socket.on("error", () => {});
  });
}

/** Numbers from 0 to 1, the same for a seed each time (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An event that is right in most of its parts. */
function randomEvent(dice) {
  const pick = (...list) => list[Math.floor(dice() * list.length)];
  const strange = () => pick(null, 7, true, [], {}, "", "a\u0000", "\ud83d\ude00", [[[]]], { a: 1 });
  const text = () => (dice() < 0.95 ? pick("a", "some words", "äöü", "x".repeat(300), " ") : strange());
  const maybe = (chance, name, value) => (dice() < chance ? { [name]: value() } : {});
  const variable = () => ({
    ...maybe(0.98, "key", text),
    ...maybe(0.98, "value", text),
    ...maybe(0.3, "sanitize", () => (dice() < 0.95 ? dice() < 0.5 : strange())),
    ...maybe(0.01, "name", strange),
  });
  const variables = () => Array.from({ length: Math.floor(dice() * 4) }, variable);
  return {
    ...maybe(0.98, "platformConversationId", () => pick("random-1", "random-2", text())),
    ...maybe(0.6, "text", text),
    ...maybe(0.3, "platform", () => pick("PUBLIC_API", text())),
    ...maybe(0.7, "metaData", () => (dice() < 0.97 ? variables() : strange())),
    ...maybe(0.03, pick("metadata", "colour"), strange),
  };
}
