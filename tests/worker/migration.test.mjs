// What an earlier schema wrote opens, is brought up to date, and goes on its way.

import assert from "node:assert/strict";
import { test } from "node:test";
import { onDisk } from "./disk.mjs";
import { until } from "./harness.mjs";
import { writeFolder } from "./previous.mjs";

const conversations = (count) => Array.from({ length: count }, (_, index) => `earlier ${index}`);

const delivered = async (emulator, id) => {
  const { body } = await emulator.admin(`/journal?kind=event&conversation=${encodeURIComponent(id)}`);
  return body.entries.filter(({ status }) => status === 200).map((entry) => JSON.parse(entry.body).text);
};

const entries = async (relay, id) =>
  (await (await relay.get(`/conversations/${encodeURIComponent(id)}`)).json()).entries;

test("schema 1: what has passed can be read, and new events go behind it", async (t) => {
  const { folder, startOn } = await onDisk(t);
  await writeFolder(folder, 1, ["earlier 0"]);
  const relay = await startOn();
  const [before] = await entries(relay, "earlier 0");
  assert.deepEqual([before.seq, before.event.text, before.state], [1, "passed", undefined]);
  const answer = await relay.send(JSON.stringify({ platformConversationId: "earlier 0", text: "new" }));
  assert.equal(answer.status, 200);
  const found = (await entries(relay, "earlier 0")).filter((entry) => entry.event);
  assert.deepEqual(
    found.map(({ seq, event }) => [seq, event.text]),
    [
      [1, "passed"],
      [2, "new"],
    ],
  );
});

test("schema 2: what waits is sent without anybody asking, in order", async (t) => {
  const { folder, emulator, startOn } = await onDisk(t);
  const ids = conversations(20);
  await writeFolder(folder, 2, ids, { alarmMs: Date.now() + 3_000 });
  const relay = await startOn();
  for (const id of ids) {
    await until(id, async () => (await delivered(emulator, id)).length === 2, 20_000);
    assert.deepEqual(await delivered(emulator, id), ["first", "second"]);
    const states = (await entries(relay, id)).filter((entry) => entry.event).map(({ state }) => state);
    assert.deepEqual(states, [undefined, "delivered", "delivered"]);
  }
});
