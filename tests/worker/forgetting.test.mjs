// What is deleted is gone: from the answers, and from every byte on the disk.

import assert from "node:assert/strict";
import { test } from "node:test";
import { filesWith, onDisk } from "./disk.mjs";
import { until } from "./harness.mjs";

const canaries = (name) => ["text", "value", "plain", "reply"].map((kind) => `canary-${name}-${kind}`);

/**
 * An event, and its reply, with a canary in each place where customers write; of a long text, at its
 * end too.
 */
async function say(relay, conversation, name, length = 0) {
  const [start, personal, value, reply] = canaries(name);
  const metaData = [
    { key: "email", value: personal, sanitize: true },
    { key: "order", value },
  ];
  const text = length > 0 ? `${start} ${"x".repeat(length)} ${start}` : start;
  const answer = await relay.send(JSON.stringify({ platformConversationId: conversation, text, metaData }));
  const body = JSON.stringify({ platformConversationId: conversation, text: reply });
  const path = "/webhooks/ticket/webhook_secret_of_a_test";
  assert.equal((await fetch(`${relay.url}${path}`, { method: "POST", body })).status, 200);
  return answer.headers.get("ticketwire-event");
}

/** A page, more than the longest text that SQLite prints, and half of what a row may hold. */
const LENGTHS = [5_000, 150_000, 500_000];

/** Ids are the customers' too. */
const GONE = "who@example.com";

const fault = (emulator, status, times, conversation) =>
  emulator.admin("/faults", {
    method: "POST",
    body: { fault: { kind: "status", status }, times, conversation },
  });

const found = (folder, name) => canaries(name).filter((canary) => filesWith(folder, canary).length > 0);

const remove = (relay, conversation) =>
  fetch(`${relay.url}/conversations/${conversation}`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${relay.key}` },
  });

test("a conversation that is deleted is gone at once, whatever its events were doing", async (t) => {
  const { folder, emulator, startOn } = await onDisk(t);
  const relay = await startOn();
  await say(relay, GONE, "delivered");
  await fault(emulator, 400, 1, GONE);
  const parked = await say(relay, GONE, "parked");
  await fault(emulator, 503, "always", GONE);
  await say(relay, GONE, "waiting");
  await say(relay, "stays", "stays");
  await until("the list", async () => (await (await relay.get("/parked")).json()).total === 1);
  for (const name of ["parked", "waiting", "stays"]) assert.notDeepEqual(found(folder, name), [], name);

  assert.equal((await remove(relay, GONE)).status, 204);
  for (const name of ["delivered", "parked", "waiting"]) assert.deepEqual(found(folder, name), [], name);
  assert.notDeepEqual(found(folder, "stays"), []);
  assert.equal((await relay.get(`/conversations/${GONE}`)).status, 404);
  assert.equal((await relay.get(`/events/${parked}`)).status, 404);
  assert.equal((await (await relay.get("/parked")).json()).total, 0);
  await until("the list's file", () => filesWith(folder, "who@example.com").length === 0);

  assert.equal((await remove(relay, GONE)).status, 204, "again");
  assert.equal((await remove(relay, "never-was")).status, 204);
  await emulator.admin("/faults", { method: "DELETE" });
  const next = await say(relay, GONE, "next");
  assert.ok(Number(next.split("-")[1]) > Number(parked.split("-")[1]), "no number is given twice");
  const { body } = await emulator.admin(`/journal?kind=event&conversation=${GONE}`);
  const acknowledged = body.entries
    .filter(({ status }) => status === 200)
    .map((entry) => JSON.parse(entry.body));
  assert.deepEqual(
    acknowledged.map(({ text }) => text),
    ["canary-delivered-text", "canary-next-text"],
    "what was deleted is not sent any more",
  );
});

test("what has been kept for long enough is gone, also beside what stays", async (t) => {
  const { folder, emulator, startOn } = await onDisk(t, { relay: { RETENTION_HOURS: "0.001" } });
  const relay = await startOn();
  await say(relay, "quiet", "quiet");
  await say(relay, "mixed", "expired");
  for (const length of LENGTHS) await say(relay, "mixed", `expired-${length}`, length);
  await fault(emulator, 400, 1, "mixed");
  const parked = await say(relay, "mixed", "kept");
  await until("the end of their time", async () => {
    const mixed = await (await relay.get("/conversations/mixed")).json();
    return (
      mixed.entries.length === 1 &&
      mixed.entries[0].id === parked &&
      (await relay.get("/conversations/quiet")).status === 404
    );
  });
  // The database folds its journal into its file once nobody has used it for some ten seconds.
  await until(
    "the last byte",
    () =>
      ["quiet", "expired", ...LENGTHS.map((length) => `expired-${length}`)].every(
        (name) => found(folder, name).length === 0,
      ),
    40_000,
  );
  assert.deepEqual(found(folder, "kept"), ["canary-kept-text", "canary-kept-value", "canary-kept-plain"]);
});
