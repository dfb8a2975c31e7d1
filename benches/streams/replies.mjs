// Replies on their way: from the agent's webhook to whoever follows the conversation.

import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { BOT_ID } from "../../tests/worker/harness.mjs";
import { startChild } from "../child.mjs";

/** What a relay has to have among its `WEBHOOK_SECRETS`. */
export const SECRET = "webhook_secret_of_a_bench";
const SEEN_WITHIN_MS = 30_000;

/** Readers of streams, as `readers.mjs` has them. */
export const startReaders = () => startChild(fileURLToPath(new URL("readers.mjs", import.meta.url)));

/**
 * So many replies a second for so long, each in one of these conversations, each of which has so many readers:
 * how long each took to each of its readers, in milliseconds. `name` is in no other round's replies.
 */
export async function delays(relay, readers, { name, ids, rate, seconds, readersOfEach }) {
  const sent = new Map();
  const answers = [];
  const start = performance.now();
  for (let count = 0; count < seconds * rate; count += 1) {
    await sleep(Math.max(0, start + (count * 1_000) / rate - performance.now()));
    const text = `${name}-${count}`;
    sent.set(text, process.hrtime.bigint());
    answers.push(reply(relay, random(ids), text));
  }
  await Promise.all(answers);
  const seen = await allSeen(readers, sent.size * readersOfEach);
  return seen.map(([text, at]) => Number(BigInt(at) - sent.get(text)) / 1e6);
}

/** The agent says this. */
export async function reply({ url }, id, text) {
  const body = JSON.stringify({ botId: BOT_ID, platformConversationId: id, text });
  const answer = await fetch(`${url}/webhooks/ticket/${SECRET}`, { method: "POST", body });
  await answer.arrayBuffer();
  if (answer.status !== 200) throw new Error(`the relay answered ${answer.status}`);
}

/** What readers have seen, once that is as much as this. */
async function allSeen(readers, count) {
  const seen = [];
  for (const end = performance.now() + SEEN_WITHIN_MS; seen.length < count; await sleep(500)) {
    for (const each of await readers.ask("seen")) seen.push(each);
    if (performance.now() > end) throw new Error(`${count} frames were expected, ${seen.length} have come`);
  }
  return seen;
}

export function random(list) {
  return list[Math.floor(Math.random() * list.length)];
}
