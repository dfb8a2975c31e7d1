// The package without a relay, straight to the API as the emulator plays it.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { TicketClient } from "../../pkg/dist/index.js";
import { BOT_ID, startEmulator } from "../worker/harness.mjs";
import { startGate } from "./gate.mjs";

let emulator;
let gate;
let client;
let id;
let conversation = 0;

before(async () => {
  emulator = await startEmulator();
  gate = await startGate(emulator.url);
});
after(async () => {
  await gate.stop();
  await emulator.stop();
});
beforeEach(() => {
  gate.clear();
  client = straight();
  id = `direct ${(conversation += 1)}`;
});

const straight = (options = {}) =>
  new TicketClient({ apiKey: emulator.key, botId: BOT_ID, baseURL: gate.url, ...options });
const send = (options = {}) => client.send({ platformConversationId: id, text: "Hello" }, options);
const fault = (fault) => emulator.admin("/faults", { method: "POST", body: { conversation: id, fault } });

async function journal() {
  const { body } = await emulator.admin(`/journal?kind=event&conversation=${encodeURIComponent(id)}`);
  return body.entries;
}

test("an event arrives as the API's page has it", async () => {
  client = straight({ organizationId: "org-1" });
  const { idempotencyKey, ...receipt } = await send({ respondAsync: true });
  assert.deepEqual(receipt, { state: "delivered", replayed: false, tries: 1, warnings: [] });
  assert.ok(idempotencyKey.length > 0);
  const [{ method, path, headers, body, processed }, ...more] = await journal();
  assert.deepEqual([method, path, processed, more], ["POST", "/converse/ticket", true, []]);
  assert.equal(headers.authorization, emulator.key);
  assert.equal(headers.botid, BOT_ID);
  assert.equal(headers.organizationid, "org-1");
  assert.match(headers["content-type"], /^application\/json/);
  for (const name of ["idempotency-key", "prefer"]) assert.equal(headers[name], undefined);
  assert.deepEqual(JSON.parse(body), { platformConversationId: id, text: "Hello", platform: "PUBLIC_API" });
});

describe("each refusal of the API has its code", () => {
  const refused = (code, status) => assert.rejects(send({ maxRetries: 0 }), { code, status });

  test("a wrong key, and a bot that is not there", async () => {
    client = straight({ apiKey: "emu_of_somebody_else" });
    await refused("api-credentials-refused", 401);
    client = straight({ botId: "ffffffffffffffffffffffff" });
    await refused("api-credentials-refused", 401);
  });

  test("a bot without a custom CRM, and then with one", async () => {
    const botId = "aaaaaaaaaaaaaaaaaaaaaaaa";
    await emulator.admin(`/bots/${botId}`, { method: "PUT", body: { customCrm: false } });
    client = straight({ botId });
    await refused("api-credentials-refused", 403);
    await emulator.admin(`/bots/${botId}`, { method: "PUT", body: { customCrm: true } });
    assert.equal((await send()).state, "delivered");
    client = straight();
    await send({ botId });
    assert.equal((await journal()).at(-1).headers.botid, botId);
  });

  test("an endpoint that is not there", async () => {
    client = straight({ baseURL: `${gate.url}/elsewhere` });
    await refused("api-not-found", 404);
  });

  for (const [status, code, isRetryable] of [
    [400, "api-refused-event", false],
    [401, "api-credentials-refused", false],
    [403, "api-credentials-refused", false],
    [404, "api-not-found", false],
    [408, "api-failed", true],
    [409, "api-refused-event", false],
    [413, "api-refused-event", false],
    [422, "api-refused-event", false],
    [425, "api-failed", true],
    [429, "api-rate-limited", true],
    [500, "api-failed", true],
    [503, "api-failed", true],
  ]) {
    test(`${status}`, async () => {
      await fault({ kind: "status", status });
      await assert.rejects(send({ maxRetries: 0 }), (error) => {
        assert.deepEqual([error.code, error.status, error.retryable], [code, status, isRetryable]);
        return true;
      });
    });
  }

  test("what stands in its body means nothing", async () => {
    const problem = { type: "about:blank", code: "invalid-event", title: "t", detail: "d", errors: [] };
    gate.next({ status: 401, body: JSON.stringify(problem) });
    await refused("api-credentials-refused", 401);
  });
});

test("what may pass by itself is tried again", async () => {
  await fault({ kind: "status", status: 500 });
  await fault({ kind: "status", status: 429, retryAfter: "0" });
  assert.equal((await send()).tries, 3);
  const processed = (await journal()).filter((entry) => entry.processed);
  assert.equal(processed.length, 1);
});

test("a lost acknowledgement may cost a second event: there is nobody to know it by its key", async () => {
  gate.next("lose");
  assert.equal((await send()).tries, 2);
  assert.equal((await journal()).length, 2);
});

test("what is too late ends with its time", async () => {
  await fault({ kind: "no-answer" });
  await assert.rejects(send({ timeoutMs: 200, maxRetries: 0 }), { code: "timed-out" });
});

test("an event that is not valid never leaves", async () => {
  await assert.rejects(client.send({ platformConversationId: 7 }), { code: "invalid-event" });
  assert.equal(gate.seen.length, 0);
});

test("what only a relay has is refused", async () => {
  const needsRelay = { code: "invalid-options", message: /relay/ };
  await assert.rejects(client.conversation(id), needsRelay);
  await assert.rejects(client.event("1"), needsRelay);
  assert.throws(() => client.replies(id), needsRelay);
  assert.throws(() => client.changes(id), needsRelay);
});

test("in a page that anybody can open, a key is refused unless its owner says that it may be there", () => {
  globalThis.window = { document: {} };
  try {
    assert.throws(() => straight(), { code: "browser-key-refused", message: /dangerouslyAllowBrowser/ });
    const text = { dangerouslyAllowBrowser: "false" };
    assert.throws(() => straight(text), { code: "browser-key-refused" });
    straight({ dangerouslyAllowBrowser: true });
    // A session's token is made for it.
    new TicketClient({ baseURL: gate.url, token: "t" });
  } finally {
    delete globalThis.window;
  }
});

test("in a browser's worker likewise, and nowhere that is no browser's", () => {
  const own = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  const within = (userAgent) =>
    Object.defineProperty(globalThis, "navigator", { value: userAgent && { userAgent }, configurable: true });
  try {
    within("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0");
    assert.throws(() => straight(), { code: "browser-key-refused" });
    for (const server of ["Node.js/24", "Deno/2.5.0", "Bun/1.3", "Cloudflare-Workers", undefined]) {
      within(server);
      straight();
    }
  } finally {
    Object.defineProperty(globalThis, "navigator", own);
  }
});
