// What a backlog costs: time to accept an event, and memory.
//
//   npm run bench -- backlog [--events 10000]
//
// Two relays take the same events in one conversation. The API of the first is up, that of the
// second down, so that all of them wait. Then each round has one event accepted in a conversation
// with little waiting, and one in that with the backlog.

import { build } from "../../scripts/build.mjs";
import { childrenOf } from "../../scripts/process-table.mjs";
import { startPair } from "../../tests/worker/harness.mjs";
import { options } from "../options.mjs";
import { median } from "../quantile.mjs";

const { events: BACKLOG } = options({ events: 10_000 });
const ROUNDS = 300;
const AT_ONCE = 16;

for (const name of ["relay", "emulator"]) await build(name);
const up = await measure(async ({ relay }) => fill(relay));
const down = await measure(async ({ relay, emulator }) => {
  await emulator.admin("/faults", {
    method: "POST",
    body: { fault: { kind: "status", status: 503 }, times: "always" },
  });
  await fill(relay);
}, compare);

console.log(`
| | |
|---|---|
| accepting an event, 2 waiting before it: median of ${ROUNDS} | ${down.few.toFixed(2)} ms |
| accepting an event, ${BACKLOG} and more before it | ${down.many.toFixed(2)} ms, ${(down.many / down.few).toFixed(2)} × |
| growth of workerd while ${BACKLOG} events are taken and delivered | ${up.growth} MB |
| growth of workerd while ${BACKLOG} events are taken and wait | ${down.growth} MB |`);

/** Runs a relay through this; how much its process has grown by, and what a look at it gives. */
async function measure(work, look = () => ({})) {
  const pair = await startPair();
  try {
    const runtime = newest();
    await accept(pair.relay, "warm");
    const before = memory(runtime);
    await work(pair);
    const growth = memory(runtime) - before;
    return { growth, ...(await look(pair)) };
  } finally {
    await pair.stop();
  }
}

async function compare({ relay }) {
  const small = Array.from({ length: ROUNDS }, (_, index) => `small-${index}`);
  for (const id of [...small, ...small]) await accept(relay, id);
  const times = { few: [], many: [] };
  for (const id of small) {
    times.few.push(await accept(relay, id));
    times.many.push(await accept(relay, "large"));
  }
  return { few: median(times.few), many: median(times.many) };
}

/** Has an event accepted, without a try; the time that took, in milliseconds. */
async function accept(relay, id) {
  const body = JSON.stringify({ platformConversationId: id, text: "Where is my order?" });
  const start = performance.now();
  const answer = await relay.send(body, { prefer: "respond-async" });
  await answer.arrayBuffer();
  if (answer.status !== 202) throw new Error(`the relay answered ${answer.status}`);
  return performance.now() - start;
}

async function fill(relay) {
  let left = BACKLOG;
  const some = async () => {
    while (left > 0) {
      left -= 1;
      if (left % 2000 === 0) console.error(`${left} events to go`);
      await accept(relay, "large");
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, some));
}

/** Our runtimes, the newest last. */
const runtimes = () => childrenOf(process.pid).filter(({ program }) => /workerd/.test(program));

/** The relay is started last. */
const newest = () => runtimes().at(-1).pid;

const memory = (wanted) => Math.round(runtimes().find(({ pid }) => pid === wanted).megabytes);
