// Events on their way through a relay, by the package: what their sender learns, and what the agent gets.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { SignJWT } from "jose";
import { TicketClient, TicketwireError } from "../../pkg/dist/index.js";
import { secret } from "../../scripts/local.mjs";
import { startPair, until } from "../worker/harness.mjs";
import { startGate } from "./gate.mjs";
import { counted } from "./signals.mjs";

const SESSION_SECRET = secret("session-secret-of-32-bytes");

let pair;
let gate;
let client;
let id;
let conversation = 0;

before(async () => {
  pair = await startPair({
    relay: { SESSION_SECRETS: `a:${SESSION_SECRET}`, SESSION_EVENTS_PER_MINUTE: "2", MAX_VARIABLES: "2" },
  });
  gate = await startGate(pair.relay.url);
  // Nobody answers by themselves.
  await pair.emulator.admin("/script", { method: "PUT", body: { rules: [] } });
});
after(async () => {
  await gate.stop();
  await pair.stop();
});

beforeEach(() => {
  gate.clear();
  client = through();
  id = `sent ${(conversation += 1)}/é`;
});

// Whatever happened, no answer is left unread, and no try goes on. What is kept alive is idle.
afterEach(async () => {
  const tries = gate.seen.length;
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(gate.seen.length, tries);
});

const through = (options = {}) => new TicketClient({ baseURL: gate.url, token: pair.relay.key, ...options });
const event = (more = {}) => ({ platformConversationId: id, text: "Hello", ...more });
const keys = () => gate.seen.map(({ headers }) => headers["idempotency-key"]);

/** What the agent got of the conversation. */
async function journal() {
  const { body } = await pair.emulator.admin(`/journal?kind=event&conversation=${encodeURIComponent(id)}`);
  return body.entries;
}

/** The error that comes of this. */
async function failure(promise) {
  const error = await promise.then(
    () => assert.fail("it should fail"),
    (error) => error,
  );
  assert.ok(error instanceof TicketwireError, error.stack);
  return error;
}

describe("an event", () => {
  test("is delivered", async () => {
    const sent = { ...event(), metaData: [{ key: "email", value: "jo@example.com" }] };
    const receipt = await client.send(sent);
    const { id: eventId, idempotencyKey, warnings, ...rest } = receipt;
    assert.deepEqual(rest, { state: "delivered", replayed: false, tries: 1 });
    assert.deepEqual(
      warnings.map(({ code, pointer, path }) => [code, pointer, path]),
      [["personal-data", "/metaData/0/value", ["metaData", 0, "value"]]],
    );
    assert.deepEqual(keys(), [idempotencyKey]);
    const [{ body }, ...more] = await journal();
    assert.deepEqual([JSON.parse(body), more], [{ ...sent, platform: "PUBLIC_API" }, []]);
    const { state, platformConversationId, tries } = await client.event(eventId);
    assert.deepEqual([state, platformConversationId, tries], ["delivered", id, 1]);
  });

  test("is pending where nobody wants to wait, and arrives", async () => {
    const receipt = await client.send(event(), { respondAsync: true });
    assert.deepEqual([receipt.state, receipt.tries], ["pending", 1]);
    await until("its arrival", async () => (await client.event(receipt.id)).state === "delivered");
    assert.equal((await journal()).length, 1);
  });

  test("is pending where the API is down, and arrives", async () => {
    const fault = { kind: "status", status: 503 };
    await pair.emulator.admin("/faults", { method: "POST", body: { conversation: id, fault } });
    const receipt = await client.send(event());
    assert.equal(receipt.state, "pending");
    await until("its arrival", async () => (await client.event(receipt.id)).state === "delivered");
  });

  test("is the same one under the same key", async () => {
    const options = { idempotencyKey: "once-and-for-all" };
    const first = await client.send(event(), options);
    const again = await client.send(event(), options);
    assert.deepEqual(again, { ...first, replayed: true });
    assert.equal((await journal()).length, 1);
    const other = await failure(client.send(event({ text: "Other" }), options));
    assert.deepEqual([other.code, other.status], ["idempotency-key-reused", 409]);
    assert.equal(other.retryable, false);
    assert.equal(gate.seen.length, 3);
  });

  test("has another key each time", async () => {
    await client.send(event());
    await client.send(event());
    assert.equal(new Set(keys()).size, 2);
    assert.equal((await journal()).length, 2);
  });

  test("shows the answer it got", async () => {
    const sending = client.send(event());
    const { data, response } = await sending.withResponse();
    assert.deepEqual(data, await sending);
    assert.equal(response.status, 200);
    assert.equal(response.headers["ticketwire-event"], data.id);
    assert.ok(response.headers["x-request-id"]);
    // Whoever asks for the answer alone is told alone: nothing else goes unhandled.
    const error = await failure(client.send({}).withResponse());
    assert.equal(error.code, "invalid-event");
  });

  test("that is not valid never leaves", async () => {
    const error = await failure(client.send({ text: "no conversation", metadata: [] }));
    assert.equal(error.code, "invalid-event");
    assert.deepEqual(
      error.issues.map(({ code, pointer }) => [code, pointer]),
      [
        ["unknown-member", "/metadata"],
        ["missing-member", "/platformConversationId"],
      ],
    );
    assert.match(error.message, /and 1 more/);
    assert.equal(gate.seen.length, 0);
  });

  test("that the relay refuses comes back with its issues", async () => {
    const metaData = ["a", "b", "c"].map((key) => ({ key, value: "v" }));
    const error = await failure(client.send(event({ metaData })));
    assert.deepEqual([error.code, error.status, error.retryable], ["invalid-event", 400, false]);
    const [{ code, pointer, path, message }] = error.issues;
    assert.deepEqual([code, pointer, path], ["too-many-variables", "/metaData", ["metaData"]]);
    assert.ok(message.length > 0);
    assert.match(error.requestId, /\S/);
    assert.equal(gate.seen.length, 1);
  });

  test("of somebody with a wrong key is refused, once", async () => {
    const error = await failure(through({ token: "a_key_that_is_wrong" }).send(event()));
    assert.deepEqual([error.code, error.status], ["wrong-key", 401]);
    assert.equal(gate.seen.length, 1);
  });
});

describe("what may pass by itself", () => {
  for (const [name, ...plans] of [
    ["failures", { status: 500 }, { status: 599 }],
    ["gateways", { status: 502, body: "<html>" }, { status: 504 }],
    ["lost connections", "cut", "cut"],
    ["lost acknowledgements", "lose", "lose"],
    ["a request that took too long, and one that came too early", { status: 408 }, { status: 425 }],
  ]) {
    test(`${name}: tried again under one key, and taken once`, async () => {
      gate.next(...plans);
      const receipt = await client.send(event());
      assert.deepEqual([receipt.state, receipt.tries], ["delivered", 3]);
      assert.equal(receipt.replayed, plans[0] === "lose");
      assert.equal(new Set(keys()).size, 1);
      assert.equal(keys()[0], receipt.idempotencyKey);
      assert.equal(new Set(gate.seen.map(({ text }) => text)).size, 1);
      assert.equal((await journal()).length, 1);
    });
  }

  test("is an error once there have been tries enough", async () => {
    gate.next({ status: 503 }, { status: 503 }, { status: 503 });
    const error = await failure(client.send(event()));
    assert.deepEqual([error.code, error.status, error.retryable], ["unexpected-answer", 503, true]);
    assert.equal(gate.seen.length, 3);
    gate.clear();
    gate.next("cut", "cut");
    const unheard = await failure(client.send(event(), { maxRetries: 1 }));
    assert.deepEqual([unheard.code, unheard.status, unheard.retryable], ["network-failed", undefined, true]);
    assert.equal(gate.seen.length, 2);
    gate.next({ status: 500 });
    await failure(through({ maxRetries: 0 }).send(event()));
    assert.equal(gate.seen.length, 3);
  });

  test("what does not pass is not tried again", async () => {
    for (const status of [400, 403, 404, 405, 413, 422]) {
      gate.next({ status });
      assert.equal((await failure(client.send(event()))).status, status);
    }
    assert.equal(gate.seen.length, 6);
  });
});

describe("Retry-After", () => {
  const inSeconds = (seconds) => new Date(Date.now() + seconds * 1000).toUTCString();

  for (const [name, value] of [
    ["seconds", () => "1"],
    ["a date", () => inSeconds(2)],
  ]) {
    test(`${name}: is waited for`, async () => {
      gate.next({ status: 429, headers: { "retry-after": value() } });
      const start = performance.now();
      assert.equal((await client.send(event())).tries, 2);
      assert.ok(performance.now() - start > 950);
    });
  }

  test("of up to a minute is what is waited for, and no more", async () => {
    const { signal, abort } = counted();
    const waits = [];
    const onRetry = ({ waitMs, code }) => (waits.push([waitMs, code]), abort());
    gate.next({ status: 503, headers: { "retry-after": "60" } });
    const error = await failure(through({ hooks: { onRetry } }).send(event(), { signal }));
    assert.deepEqual([error.code, waits], ["aborted", [[60_000, "status-503"]]]);
  });

  for (const seconds of ["61", "86400", "9".repeat(400)]) {
    test(`of ${seconds.slice(0, 5)} s is told at once`, async () => {
      gate.next({ status: 429, headers: { "retry-after": seconds } });
      const error = await failure(client.send(event()));
      assert.deepEqual([error.status, error.retryAfterMs], [429, Number(seconds) * 1000]);
      assert.equal(gate.seen.length, 1);
    });
  }

  test("that is none is none", async () => {
    for (const value of ["soon", "-1", "1.5", "1.5e9x"]) {
      gate.next({ status: 429, headers: { "retry-after": value } });
      const error = await failure(client.send(event(), { maxRetries: 0 }));
      assert.equal(error.retryAfterMs, undefined, value);
    }
  });

  test("of the relay's own counting of a session's events", async () => {
    const token = await new SignJWT({ aud: "ticketwire", conversation: id, scope: "send" })
      .setProtectedHeader({ alg: "HS256", kid: "a" })
      .setIssuedAt()
      .setExpirationTime("5m")
      .sign(new TextEncoder().encode(SESSION_SECRET));
    const session = through({ token: async () => token, maxRetries: 0 });
    for (const text of ["one", "two"]) await session.send(event({ text }));
    const error = await failure(session.send(event({ text: "three" })));
    assert.deepEqual([error.code, error.status, error.retryable], ["too-many-events", 429, true]);
    assert.ok(error.retryAfterMs > 0 && error.retryAfterMs <= 60_000, `${error.retryAfterMs}`);
    assert.equal((await journal()).length, 2);
  });
});

for (const [what, answer] of [
  ["a page", { status: 200, headers: { "content-type": "text/html" }, body: "<p>Welcome</p>" }],
  ["nothing", { status: 200 }],
  ["nothing, and no content", { status: 204, headers: { "x-request-id": "r" } }],
  ["that it is accepted, and not as what", { status: 202, headers: { "x-request-id": "r" }, body: "{}" }],
]) {
  test(`${what}, answered by somebody who is no relay, is no receipt`, async () => {
    gate.next(answer);
    const error = await failure(client.send(event()));
    assert.equal(error.code, "unexpected-answer");
    assert.ok(!error.message.includes("Welcome"), error.message);
    assert.equal((await journal()).length, 0);
  });
}

test("what says nothing of an event is no word of it", async () => {
  for (const body of ["{}", "[]", "null", "7", "<p>"]) {
    gate.next({ status: 200, body });
    assert.equal((await failure(client.event("x-1"))).code, "unexpected-answer", body);
  }
});
