// What the package tells whoever operates a relay.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { SignJWT } from "jose";
import { TicketClient } from "../../pkg/dist/index.js";
import { secret } from "../../scripts/local.mjs";
import { startPair, startRelay, until } from "../worker/harness.mjs";

const SESSION_SECRET = secret("session-secret-of-32-bytes");

describe("a relay's operator", () => {
  let pair;
  let client;
  before(async () => {
    pair = await startPair({ relay: { SESSION_SECRETS: `a:${SESSION_SECRET}` } });
    client = new TicketClient({ baseURL: pair.relay.url, token: pair.relay.key });
  });
  after(() => pair?.stop());
  afterEach(() => pair.emulator.admin("/faults", { method: "DELETE" }));

  /** Sends an event that the API answers with this status, until that is called off. */
  async function meet(status, conversation, options) {
    const body = { fault: { kind: "status", status }, times: "always", conversation };
    await pair.emulator.admin("/faults", { method: "POST", body });
    return client.send({ platformConversationId: conversation, text: "x" }, options);
  }

  test("sees what waits and why, until it has arrived", async () => {
    const { id, state } = await meet(503, "waits & waits");
    assert.equal(state, "pending");
    const { events, total, more } = await client.waiting();
    assert.deepEqual([total, more, events[0].id, events[0].waiting], [1, 0, id, 1]);
    assert.equal(events[0].lastTry.code, "api-failed");
    assert.deepEqual(await client.waiting({ after: 1_000_000 }), { events: [], total: 1, more: 0 });
    await pair.emulator.admin("/faults", { method: "DELETE" });
    await until("an empty list", async () => (await client.waiting()).total === 0, 20_000);
  });

  test("sees what is parked, page by page, and sends it again, once", async () => {
    for (const name of ["one", "two"]) await meet(400, `parked ${name}`);
    const first = await client.parked({ limit: 1 });
    assert.deepEqual([first.total, first.more], [2, 1]);
    const second = await client.parked({ after: first.nextAfter });
    assert.equal(second.events[0].platformConversationId, "parked two");
    await pair.emulator.admin("/faults", { method: "DELETE" });
    const { id } = second.events[0];
    assert.equal((await client.replay(id)).state, "delivered");
    await assert.rejects(client.replay(id), { code: "not-parked", status: 409 });
    await client.replay(first.events[0].id);
    await until("an empty list", async () => (await client.parked()).total === 0);
  });

  test("learns what the relay has counted", async () => {
    await client.send({ platformConversationId: "counted", text: "x" });
    const { minutes, stepMs } = await until("a count", async () => {
      const stats = await client.stats({ minutes: 5 });
      return stats.minutes.length > 0 && stats;
    });
    assert.equal(stepMs, 60_000);
    assert.ok(minutes.at(-1).accepted > 0 && minutes.at(-1).atMs % stepMs === 0);
    await assert.rejects(client.stats({ minutes: 0 }), { code: "invalid-query", status: 400 });
  });

  test("learns what is to be configured, from a relay that is not ready too", async (t) => {
    const relay = await startRelay({ variables: { API_KEY: "", BOT_ID: "" } });
    t.after(() => relay.stop());
    const tried = [];
    const hooks = { onRequest: ({ route }) => tried.push(route) };
    const unready = new TicketClient({ baseURL: relay.url, token: relay.key, hooks });
    const { ready, settings } = await unready.ready();
    assert.equal(ready, false);
    assert.deepEqual(settings.map(({ setting }) => setting).sort(), ["API_KEY", "BOT_ID", "WEBHOOK_SECRETS"]);
    assert.deepEqual(tried, ["ready"]);
    assert.deepEqual(await client.ready(), { ready: true, settings: [], parked: 0, waiting: 0 });
  });

  test("needs a key of the relay, and a relay", async () => {
    const token = await new SignJWT({ conversation: "c", scope: "send read" })
      .setProtectedHeader({ alg: "HS256", kid: "a" })
      .setAudience("ticketwire")
      .setIssuedAt()
      .setExpirationTime("5m")
      .sign(new TextEncoder().encode(SESSION_SECRET));
    const session = new TicketClient({ baseURL: pair.relay.url, token });
    const straight = new TicketClient({ baseURL: pair.emulator.url, apiKey: pair.emulator.key, botId: "b" });
    for (const ask of [
      (it) => it.waiting(),
      (it) => it.parked(),
      (it) => it.stats(),
      (it) => it.replay("x-1"),
    ]) {
      await assert.rejects(ask(session), { code: "server-key-required", status: 403 });
      await assert.rejects(ask(straight), { code: "invalid-options" });
    }
    assert.deepEqual(await session.ready(), { ready: true });
    await assert.rejects(straight.ready(), { code: "invalid-options" });
  });

  test("is told where something else answers", async () => {
    const page = async () => new Response("<p>hello</p>", { headers: { "content-type": "text/html" } });
    const lost = new TicketClient({ baseURL: pair.relay.url, token: "token", fetch: page });
    for (const ask of [() => lost.ready(), () => lost.stats(), () => lost.parked()])
      await assert.rejects(ask(), { code: "unexpected-answer" });
  });
});
