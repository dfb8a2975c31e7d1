// The package follows a conversation though the relay goes away, and whatever stands between breaks off.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { TicketClient } from "../../pkg/dist/index.js";
import { BOT_ID } from "../worker/harness.mjs";
import { persist, startKillable } from "../worker/killable.mjs";
import { startGate } from "./gate.mjs";

const ID = "through a stop/é";

/** Goes through replies until one says this. */
async function heardUntil(replies, last) {
  const heard = [];
  for await (const { text } of replies) {
    heard.push(text);
    if (text === last) break;
  }
  return heard;
}

for (const [how, stop] of Object.entries({
  "killed outright": (service) => service.kill(),
  "replaced by a next deployment": (service) => service.retire(400),
})) {
  test(`a relay that is ${how}: nothing is missed, heard twice, or sent twice`, async (t) => {
    const relay = await startKillable(t);
    const client = new TicketClient({ baseURL: relay.url, token: relay.key, maxRetries: 20 });
    await client.send({ platformConversationId: ID, text: "begin" });
    const said = Array.from({ length: 12 }, (_, at) => `reply ${at}`);
    const heard = heardUntil(client.replies(ID), said.at(-1));
    const sent = [];
    for (const [at, text] of said.entries()) {
      if (at % 4 === 2) {
        relay.service.standBy();
        await stop(relay.service);
        sent.push(client.send({ platformConversationId: ID, text: `while it is away ${at}` }));
        await sleep(200);
        await relay.service.start();
      }
      await persist(() => relay.reply({ botId: BOT_ID, platformConversationId: ID, text }));
    }
    // A reply that was stored though its webhook was not answered comes again, marked, so: once each.
    assert.deepEqual([...new Set(await heard)], said);
    const receipts = await Promise.all(sent);
    assert.ok(receipts.some(({ tries }) => tries > 1));
    const { entries } = await client.conversation(ID);
    const texts = entries.filter(({ type }) => type === "event").map(({ event }) => event.text);
    assert.deepEqual(
      texts.toSorted(),
      ["begin", 2, 6, 10].map((at) => (at === "begin" ? at : `while it is away ${at}`)).toSorted(),
    );
    assert.equal(new Set(entries.map(({ seq }) => seq)).size, entries.length);
  });
}

test("connections that each bring something may break for ever", async () => {
  const gate = await startGate("http://127.0.0.1:9");
  const said = Array.from({ length: 14 }, (_, at) => `reply ${at}`);
  const headers = { "content-type": "text/event-stream" };
  for (const [at, text] of said.entries()) {
    const data = JSON.stringify({ seq: at + 1, atMs: 1, reply: { platformConversationId: ID, text } });
    gate.next({ status: 200, headers, body: `event: reply\nid: ${at + 1}\ndata: ${data}\n\n` });
  }
  const client = new TicketClient({ baseURL: gate.url, token: "t" });
  assert.deepEqual(await heardUntil(client.replies(ID), said.at(-1)), said);
  const last = gate.seen.map(({ headers }) => headers["last-event-id"]);
  assert.deepEqual(
    last,
    said.map((_, at) => `${at}`),
  );
  await gate.stop();
});
