// What open streams cost: memory and CPU time of workerd, and how soon a reply is there.
//
//   npm run bench -- streams [--streams 1000] [--rounds 3]
//
// One relay has them over as many conversations, another over a hundredth as many, where each reply
// goes to a hundred readers. First they are silent. Then, at a gentle rate that waits for nothing,
// replies come in for random conversations, in rounds; then the rest of them as fast as they are
// taken. Then the streams are closed, and opened and closed again: memory that goes up each time
// would be lost. What a stream takes shows where objects are few: many, once evicted, leave memory
// behind that streams then use.

import { setTimeout as sleep } from "node:timers/promises";
import { build } from "../../scripts/build.mjs";
import { childrenOf, cpuSeconds } from "../../scripts/process-table.mjs";
import { startEmulator, startRelay } from "../../tests/worker/harness.mjs";
import { options } from "../options.mjs";
import { median, quantile } from "../quantile.mjs";
import { SECRET, delays, random, reply, startReaders } from "./replies.mjs";

const { streams: STREAMS, rounds: ROUNDS } = options({ streams: 1_000, rounds: 3 });
const ROUND_S = 50;
/** How many replies a second come in: gently, which with many readers each is less. */
const SPREAD = { conversations: STREAMS, rate: 20, replies: 5_000 };
const SHARED = { conversations: STREAMS / 100, rate: 5, replies: 1_000 };
const AT_ONCE = 16;
const SILENCE_S = 60;
const CYCLES = 2;
/** Long enough for objects to sleep, and for the relay to miss a reader who has gone. */
const REST_MS = 20_000;

for (const name of ["relay", "emulator"]) await build(name);
const spread = await measure(SPREAD);
const shared = await measure(SHARED);

const row = (what, value) => `| ${what} | ${value(spread)} | ${value(shared)} |`;
const memory = (what, name) => row(`workerd ${what}`, ({ megabytes }) => `${megabytes[name].toFixed(0)} MB`);
const ms = (what, part) =>
  row(`a reply's way to a reader, ${what}`, ({ rounds }) => {
    const each = rounds.map((round) => quantile(round, part));
    return `${median(each).toFixed(1)} ms (${each.map((value) => value.toFixed(1)).join(", ")})`;
  });

console.log(`
| ${STREAMS} streams, over | ${STREAMS} conversations | ${STREAMS / 100} conversations |
|---|---|---|
${memory("before", "before")}
${memory("with all of them open and silent", "silent")}
${row("for each stream", ({ megabytes }) => `${(((megabytes.silent - megabytes.before) * 1000) / STREAMS).toFixed(0)} kB`)}
${row(`CPU time in ${SILENCE_S} s of silence`, ({ cpu }) => `${cpu.toFixed(1)} s`)}
${row("replies a second, gently", ({ rate }) => rate)}
${ms("median", 0.5)}
${ms("99 of 100", 0.99)}
${ms("the slowest", 1)}
${row("workerd after as many replies in all", ({ megabytes, replies }) => `${megabytes.replied.toFixed(0)} MB after ${replies}`)}
${memory("after all were closed", "closed")}
${row(`after ${CYCLES} more times of opening and closing all`, ({ cycles }) => `${cycles.map((value) => value.toFixed(0)).join(", ")} MB`)}`);

/** All that is told of one relay. */
async function measure(layout) {
  const emulator = await startEmulator();
  const relay = await startRelay({
    direct: true,
    variables: {
      API_BASE_URL: emulator.url,
      API_KEY: emulator.key,
      WEBHOOK_SECRETS: SECRET,
      MAX_STREAMS: "100",
      STREAM_SECONDS: "3600",
    },
  });
  const readers = startReaders();
  try {
    return { ...layout, ...(await observe(relay, readers, layout)) };
  } finally {
    readers.end();
    await Promise.all([relay.stop(), emulator.stop()]);
  }
}

async function observe(relay, readers, { conversations, rate, replies }) {
  // The relay is started last but for the readers.
  const { pid } = childrenOf(process.pid).findLast(({ program }) => /workerd/.test(program));
  const megabytes = {};
  const look = async (name, restMs = REST_MS) => {
    await sleep(restMs);
    megabytes[name] = residentMemory(pid);
    console.error(`${conversations} conversations, ${name}: ${megabytes[name].toFixed(0)} MB`);
  };
  const ids = Array.from({ length: conversations }, (_, index) => `conversation-${index}`);
  await inParallel(ids, (id) => begin(relay, id));
  await look("before");

  const urls = Array.from(
    { length: STREAMS },
    (_, index) => `${relay.url}/conversations/${ids[index % conversations]}/stream`,
  );
  const openAll = () => readers.ask("open", { urls, key: relay.key });
  await openAll();
  await look("silent");
  const from = cpuSeconds(pid);
  await sleep(SILENCE_S * 1_000);
  const cpu = cpuSeconds(pid) - from;
  console.error(`${conversations} conversations: ${cpu.toFixed(1)} s of CPU time in silence`);

  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const gentle = {
      name: `round-${round}`,
      ids,
      rate,
      seconds: ROUND_S,
      readersOfEach: STREAMS / conversations,
    };
    rounds.push(await delays(relay, readers, gentle));
    console.error(
      `${conversations} conversations, round ${round + 1}: median ${median(rounds.at(-1)).toFixed(1)} ms`,
    );
  }
  const rest = Array.from({ length: replies - ROUNDS * ROUND_S * rate }, (_, index) => `rest-${index}`);
  await inParallel(rest, (text) => reply(relay, random(ids), text));
  await look("replied");

  await readers.ask("close");
  await look("closed");
  const cycles = [];
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    await openAll();
    await readers.ask("close");
    await sleep(REST_MS);
    cycles.push(residentMemory(pid));
    console.error(`${conversations} conversations, opened and closed again: ${cycles.at(-1).toFixed(0)} MB`);
  }
  return { megabytes, cpu, rounds, cycles };
}

async function begin(relay, id) {
  const answer = await relay.send(JSON.stringify({ platformConversationId: id, text: "Where is my order?" }));
  await answer.arrayBuffer();
  if (answer.status !== 200) throw new Error(`the relay answered ${answer.status}`);
}

async function inParallel(list, work) {
  const left = [...list];
  const some = async () => {
    while (left.length > 0) await work(left.pop());
  };
  await Promise.all(Array.from({ length: AT_ONCE }, some));
}

function residentMemory(wanted) {
  return childrenOf(process.pid).find(({ pid }) => pid === wanted).megabytes;
}
