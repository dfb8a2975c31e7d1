// What the relay counts of its own work, and tells by GET /stats.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { secret } from "../../scripts/local.mjs";
import { onDisk } from "./disk.mjs";
import { problem, startEmulator, startPair, startRelay, until } from "./harness.mjs";

const event = (id, text = "hello") => JSON.stringify({ platformConversationId: id, text });

const stats = async (relay, query = "") => {
  const answer = await relay.get(`/stats${query}`);
  assert.equal(answer.status, 200, await answer.clone().text());
  assert.equal(answer.headers.get("content-type"), "application/json");
  return answer.json();
};

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** What all minutes add up to: a run may begin in one and end in the next. */
function totals({ minutes }) {
  const counted = (name) => sum(minutes.map((minute) => minute[name]));
  const labelled = (name) => {
    const all = {};
    for (const minute of minutes) {
      for (const [label, count] of Object.entries(minute[name])) all[label] = (all[label] ?? 0) + count;
    }
    return all;
  };
  return {
    accepted: counted("accepted"),
    delivered: counted("delivered"),
    parked: counted("parked"),
    replies: counted("replies"),
    tries: labelled("tries"),
    attempts: labelled("attempts"),
    latencies: sum(minutes.flatMap(({ latencyMs }) => latencyMs.map(({ count }) => count))),
  };
}

/** Waits until so much has been counted, and holds all of it to what is expected. */
async function counts(relay, expected) {
  const total = ({ tries, attempts, ...rest }) =>
    sum([...Object.values(rest), ...Object.values(tries), ...Object.values(attempts)]);
  let last;
  const enough = async () => total((last = totals(await stats(relay)))) >= total(expected);
  await until("the counts", enough).catch(() => {});
  assert.deepEqual(last, expected);
  // Nothing comes behind it.
  await sleep(200);
  assert.deepEqual(totals(await stats(relay)), expected);
}

const NOTHING = { accepted: 0, delivered: 0, parked: 0, replies: 0, tries: {}, attempts: {}, latencies: 0 };

/** Both, with an agent that says nothing of its own accord. */
async function startSilentPair(options) {
  const pair = await startPair(options);
  const body = { rules: [], fallback: { replies: [] } };
  assert.equal((await pair.emulator.admin("/script", { method: "PUT", body })).status, 200);
  return pair;
}

/** Bounds rise, and nothing is told twice or as nothing. */
function checkShape(page) {
  assert.deepEqual(Object.keys(page), ["stepMs", "nowMs", "minutes"]);
  assert.equal(page.stepMs, 60_000);
  assert.ok(Math.abs(page.nowMs - Date.now()) < 60_000);
  const starts = page.minutes.map(({ atMs }) => atMs);
  assert.deepEqual(
    starts,
    [...new Set(starts)].toSorted((a, b) => a - b),
  );
  for (const { atMs, latencyMs } of page.minutes) {
    assert.ok(atMs % 60_000 === 0 && atMs <= page.nowMs);
    const bounds = latencyMs.map(({ le }) => le ?? Infinity);
    assert.deepEqual(
      bounds,
      [...new Set(bounds)].toSorted((a, b) => a - b),
    );
    assert.ok(latencyMs.every(({ count }) => count > 0));
  }
}

describe("a relay that nothing has happened to", () => {
  let relay;
  before(
    async () => (relay = await startRelay({ variables: { SESSION_SECRETS: `a:${secret("session")}` } })),
  );
  after(() => relay.stop());

  test("has nothing to tell", async () => {
    const page = await stats(relay);
    checkShape(page);
    assert.deepEqual(page.minutes, []);
  });

  test("is asked for 1 to 1440 minutes, and nothing else", async () => {
    for (const query of ["?minutes=1", "?minutes=1440", "?"]) await stats(relay, query);
    for (const query of [
      "minutes=0",
      "minutes=1441",
      "minutes=-1",
      "minutes=a",
      "minutes",
      "hours=1",
      "minutes=1&x=1",
    ]) {
      const { detail } = await problem(await relay.get(`/stats?${query}`), 400, "invalid-query");
      assert.match(detail, /`minutes`, a number from 1 to 1440/);
    }
  });

  test("tells nobody without a key", async () => {
    await problem(await fetch(`${relay.url}/stats`), 401, "no-key");
    const headers = { authorization: `Bearer ${relay.key}`, "content-type": "application/json" };
    const body = JSON.stringify({ conversation: "own" });
    const minted = await fetch(`${relay.url}/sessions`, { method: "POST", headers, body });
    const { token } = await minted.json();
    const answer = await relay.get("/stats", { authorization: `Bearer ${token}` });
    await problem(answer, 403, "server-key-required");
  });
});

describe("durable delivery", () => {
  let pair;
  before(async () => (pair = await startSilentPair()));
  after(() => pair.stop());

  const fault = (status, times, conversation) =>
    pair.emulator.admin("/faults", {
      method: "POST",
      body: { fault: { kind: "status", status }, times, conversation },
    });

  test("everything that happens is counted, once", async () => {
    const { relay, webhookSecret } = pair;
    const ids = Array.from({ length: 20 }, (_, index) => `counted ${index} secret-id`);
    await Promise.all(ids.map((id) => relay.send(event(id, "secret-text"))));
    assert.equal((await fault(503, 1, "retried")).status, 201);
    assert.equal((await fault(400, 1, "parked")).status, 201);
    assert.equal((await relay.send(event("retried"))).status, 202);
    assert.equal((await relay.send(event("parked"))).status, 202);
    for (let round = 0; round < 2; round += 1) {
      assert.equal((await relay.send(event("repeated"), { "idempotency-key": "once" })).status, 200);
    }
    for (let round = 0; round < 3; round += 1) {
      const answer = await fetch(`${relay.url}/webhooks/ticket/${webhookSecret}`, {
        method: "POST",
        body: event(ids[0], "secret-reply"),
      });
      assert.equal(answer.status, 200);
    }
    const stranger = { method: "POST", body: event("nobody's", "a reply") };
    await problem(
      await fetch(`${relay.url}/webhooks/ticket/${webhookSecret}`, stranger),
      404,
      "no-such-conversation",
    );
    await counts(relay, {
      accepted: 23,
      delivered: 22,
      parked: 1,
      replies: 3,
      tries: { "api-failed": 1, "api-refused-event": 1, ok: 22 },
      attempts: { 1: 21, 2: 1 },
      latencies: 22,
    });
    checkShape(await stats(relay));
  });

  test("no count has anybody's word in it", async () => {
    const text = JSON.stringify(await stats(pair.relay));
    assert.doesNotMatch(text, /secret|counted|618a30be/);
  });
});

describe("direct delivery", () => {
  let pair;
  before(async () => (pair = await startSilentPair({ relay: { DELIVERY: "direct" } })));
  after(() => pair.stop());

  test("is counted, too: what the API has is accepted and delivered at once", async () => {
    const { relay, emulator } = pair;
    for (let index = 0; index < 3; index += 1) {
      assert.equal((await relay.send(event(`direct ${index}`))).status, 200);
    }
    await emulator.admin("/faults", {
      method: "POST",
      body: { fault: { kind: "status", status: 503 }, times: 1 },
    });
    assert.equal((await relay.send(event("direct 0"))).status, 502);
    await counts(relay, {
      ...NOTHING,
      accepted: 3,
      delivered: 3,
      tries: { "api-failed": 1, ok: 3 },
      attempts: { 1: 3 },
      latencies: 3,
    });
  });
});

test("what has been counted outlives the process, and goes on counting", async (t) => {
  const { startOn } = await onDisk(t);
  const expected = (count) => ({
    ...NOTHING,
    accepted: count,
    delivered: count,
    tries: { ok: count },
    attempts: { 1: count },
    latencies: count,
  });
  const first = await startOn();
  assert.equal((await first.send(event("outlives"))).status, 200);
  await counts(first, expected(1));
  await first.stop();
  const second = await startOn();
  await counts(second, expected(1));
  assert.equal((await second.send(event("outlives"))).status, 200);
  await counts(second, expected(2));
});

test("where counts can't be kept, events go on, and the log says so once", async (t) => {
  const emulator = await startEmulator();
  t.after(() => emulator.stop());
  const log = [];
  const relay = await startRelay({
    onLog: (line) => log.push(JSON.parse(line)),
    services: { STATS: "export default { fetch: () => new Response(null, { status: 500 }) }" },
    variables: { API_BASE_URL: emulator.url, API_KEY: emulator.key },
  });
  t.after(() => relay.stop());
  for (let index = 0; index < 5; index += 1) {
    assert.equal((await relay.send(event(`uncounted ${index}`))).status, 200);
  }
  await until("a line", () => log.length > 0);
  await sleep(200);
  assert.deepEqual(log, [{ event: "stats-not-sent" }]);
  await problem(await relay.get("/stats"), 500, "internal");
});

test("a try that was cut off is counted as interrupted", async (t) => {
  const { emulator, startOn } = await onDisk(t);
  await emulator.admin("/faults", { method: "POST", body: { fault: { kind: "no-answer" }, times: 1 } });
  const first = await startOn();
  assert.equal((await first.send(event("cut"), { prefer: "respond-async" })).status, 202);
  await counts(first, { ...NOTHING, accepted: 1 });
  const isSent = async () => (await emulator.admin("/journal?kind=event")).body.entries.length === 1;
  await until("the try", isSent);
  await first.stop();
  const second = await startOn();
  assert.equal((await second.get("/conversations/cut")).status, 200);
  await counts(second, {
    ...NOTHING,
    accepted: 1,
    delivered: 1,
    tries: { interrupted: 1, ok: 1 },
    attempts: { 2: 1 },
    latencies: 1,
  });
});
