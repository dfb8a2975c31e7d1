// Calls that are ended: by their signal, by their time, by an answer that leads elsewhere.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { TicketClient } from "../../pkg/dist/index.js";
import { until } from "../worker/harness.mjs";
import { startGate } from "./gate.mjs";
import { counted } from "./signals.mjs";

const EVENT = { platformConversationId: "c" };
const REASON = new Error("of the caller's own");

let gate;
let client;
before(async () => (gate = await startGate("http://127.0.0.1:9")));
after(() => gate.stop());
beforeEach(async () => {
  gate.clear();
  client = through();
  await until("all connections to be closed", () => gate.open() === 0);
});

/** A client whose every call has a connection of its own, so that what is open is what is in use. */
function through(options = {}) {
  const fetchOnce = (url, init) => fetch(url, { ...init, headers: { ...init.headers, connection: "close" } });
  return new TicketClient({ baseURL: gate.url, token: "token_of_nobody", fetch: fetchOnce, ...options });
}

/** Nothing of the call is left: no connection, no timer, nobody who listens. */
async function assertNothingLeft(timersBefore, listeners = () => 0) {
  assert.equal(listeners(), 0);
  assert.equal(timers(), timersBefore);
  await until("the connection to be closed", () => gate.open() === 0);
}

const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;
const slow = { status: 503, headers: { "retry-after": "30" } };
const never = () => new Promise(() => {});

/** What a relay answers, as far as it says that the event was taken. */
const TAKEN = { status: 200, headers: { "x-request-id": "request" } };

describe("a signal", () => {
  test("that has ended before sends nothing", async () => {
    const { signal, abort, listeners } = counted();
    abort(REASON);
    await assert.rejects(client.send(EVENT, { signal }), { code: "aborted", cause: REASON });
    assert.equal(gate.seen.length, 0);
    assert.equal(listeners(), 0);
  });

  for (const [when, plan, options] of [
    ["while an answer is waited for", "hold"],
    ["while an answer is read", "stall"],
    ["while the next try is waited for", slow],
    ["while a token is waited for", undefined, { token: never }],
    ["while a fetch waits that does not listen", undefined, { fetch: never }],
  ]) {
    test(`ends a call ${when}`, async () => {
      const before = timers();
      const { signal, abort, listeners } = counted();
      if (plan) gate.next(plan);
      const sent = through(options).send(EVENT, { signal });
      const rejected = assert.rejects(sent, { code: "aborted", cause: REASON, retryable: false });
      if (plan) await until("the request", () => gate.seen.length === 1);
      await sleep(50);
      assert.ok(listeners() > 0, "somebody listens");
      abort(REASON);
      await rejected;
      await assertNothingLeft(before, listeners);
      assert.ok(gate.seen.length <= 1);
    });
  }

  test("of a call that has ended by itself is let go of", async () => {
    const before = timers();
    const { signal, listeners } = counted();
    gate.next(TAKEN, { status: 500, headers: { "retry-after": "0" } }, TAKEN);
    await client.send(EVENT, { signal });
    await client.send(EVENT, { signal });
    assert.equal(gate.seen.length, 3);
    await assertNothingLeft(before, listeners);
  });
});

describe("a time-out", () => {
  for (const [what, plan, options] of [
    ["no answer", "hold"],
    ["half an answer", "stall"],
    ["no token", undefined, { token: never }],
    ["a fetch that does not listen", undefined, { fetch: never }],
  ]) {
    test(`ends a call with ${what}`, async () => {
      const before = timers();
      if (plan) gate.next(plan);
      const hasty = through({ timeoutMs: 100, maxRetries: 0, ...options });
      await assert.rejects(hasty.send(EVENT), { code: "timed-out", retryable: true });
      await assertNothingLeft(before);
    });
  }

  test("is for one try, and the next has its own", async () => {
    gate.next("hold", "hold", TAKEN);
    const receipt = await client.send(EVENT, { timeoutMs: 150 });
    assert.equal(receipt.tries, 3);
    assert.equal(new Set(gate.seen.map(({ headers }) => headers["idempotency-key"])).size, 1);
  });
});

describe("a redirect", () => {
  for (const status of [301, 302, 303, 307, 308, 304]) {
    test(`with ${status} is not followed`, async () => {
      const elsewhere = await startGate("http://127.0.0.1:9");
      const before = timers();
      // Large enough not to be taken in by the way.
      const body = status === 304 ? "" : "x".repeat(5_000_000);
      gate.next({ status, headers: { location: elsewhere.url }, body });
      await assert.rejects(client.send(EVENT), { code: "redirected", retryable: false });
      assert.equal(gate.seen.length, 1);
      await assertNothingLeft(before);
      assert.equal(elsewhere.seen.length, 0);
      await elsewhere.stop();
    });
  }

  test("nor by whoever follows a conversation", async () => {
    gate.next({ status: 302, headers: { location: "https://example.com/" } });
    await assert.rejects(client.replies("c").next(), { code: "redirected" });
    await assertNothingLeft(timers());
  });
});

describe("an answer that is no relay's", () => {
  for (const body of ["<html>", "", "null", "1", "[]", "{}", '{"entries":7}', '{"entries":[null]}']) {
    test(`${body || "nothing"}: in place of a conversation`, async () => {
      gate.next({ status: 200, body });
      await assert.rejects(client.conversation("c"), { code: "unexpected-answer", retryable: false });
    });
  }

  for (const body of [
    "null",
    '"code"',
    '{"code":7}',
    '{"code":"x"}',
    '{"code":"x","title":1,"detail":2,"errors":3}',
  ]) {
    test(`${body}: in place of a problem`, async () => {
      gate.next({ status: 400, body, headers: { "content-type": "application/json" } });
      await assert.rejects(client.send(EVENT), (error) => {
        assert.equal(error.code, "unexpected-answer");
        assert.equal(error.status, 400);
        assert.doesNotMatch(error.message, /undefined/);
        return true;
      });
    });
  }

  for (const [what, answer] of [
    ["a page", { status: 200, headers: { "content-type": "text/html" }, body: "<html></html>\n\n" }],
    [
      "frames of something else",
      { status: 200, headers: { "content-type": "text/event-stream" }, body: "data: Hi\n\n" },
    ],
  ]) {
    test(`${what}: in place of a stream`, async () => {
      gate.next(answer);
      await assert.rejects(client.replies("c").next(), { code: "unexpected-answer" });
      assert.equal(gate.seen.length, 1);
      await assertNothingLeft(timers());
    });
  }
});
