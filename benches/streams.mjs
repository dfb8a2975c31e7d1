// What open streams cost: memory and CPU time of workerd, and how soon a reply is there.
//
//   npm run exec -- node benches/streams.mjs [streams] [rounds]
//
// One relay has them over as many conversations, another over a hundredth as many, where each reply
// goes to a hundred readers. First they are silent. Then, at a gentle rate that waits for nothing,
// replies come in for random conversations, in rounds; then the rest of them as fast as they are
// taken. Then the streams are closed, and opened and closed again: memory that goes up each time
// would be lost. What a stream takes shows where objects are few: many, once evicted, leave memory
// behind that streams then use.

import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { build } from "../scripts/build.mjs";
import { childrenOf, cpuSeconds } from "../scripts/process-table.mjs";
import { BOT_ID, startEmulator, startRelay } from "../tests/worker/harness.mjs";
import { median, quantile } from "./quantile.mjs";

const STREAMS = Number(process.argv[2] ?? 1_000);
const ROUNDS = Number(process.argv[3] ?? 3);
const ROUND_S = 50;
/** How many replies a second come in: gently, which with many readers each is less. */
const SPREAD = { conversations: STREAMS, rate: 20, replies: 5_000 };
const SHARED = { conversations: STREAMS / 100, rate: 5, replies: 1_000 };
const AT_ONCE = 16;
const SILENCE_S = 60;
const CYCLES = 2;
/** Long enough for objects to sleep, and for the relay to miss a reader who has gone. */
const REST_MS = 20_000;
const SEEN_WITHIN_MS = 30_000;
const SECRET = "webhook_secret_of_a_bench";

for (const name of ["relay", "emulator"]) await build(name);
const spread = await measure(SPREAD);
const shared = await measure(SHARED);

const row = (what, value) => `| ${what} | ${value(spread)} | ${value(shared)} |`;
const memory = (what, name) => row(`workerd ${what}`, ({ megabytes }) => `${megabytes[name].toFixed(0)} MB`);
const ms = (what, part) =>
  row(`a reply's way to a reader, ${what}`, ({ delays }) => {
    const each = delays.map((round) => quantile(round, part));
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

  const delays = [];
  for (let round = 0; round < ROUNDS; round += 1)
    delays.push(await timed(relay, readers, ids, { round, rate }));
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
  return { megabytes, cpu, delays, cycles };
}

/** One round: how long each reply took to each of its readers, in milliseconds. */
async function timed(relay, readers, ids, { round, rate }) {
  const sent = new Map();
  const answers = [];
  const start = performance.now();
  for (let count = 0; count < ROUND_S * rate; count += 1) {
    await sleep(Math.max(0, start + (count * 1_000) / rate - performance.now()));
    const text = `round-${round}-${count}`;
    sent.set(text, process.hrtime.bigint());
    answers.push(reply(relay, random(ids), text));
  }
  await Promise.all(answers);
  const seen = await allSeen(readers, (sent.size * STREAMS) / ids.length);
  const delays = seen.map(([text, at]) => Number(BigInt(at) - sent.get(text)) / 1e6);
  console.error(`${ids.length} conversations, round ${round + 1}: median ${median(delays).toFixed(1)} ms`);
  return delays;
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

function startReaders() {
  const child = fork(fileURLToPath(new URL("readers.mjs", import.meta.url)));
  const ask = async (job, rest = {}) => {
    child.send({ job, ...rest });
    const [{ result, failed }] = await once(child, "message");
    if (failed) throw new Error(failed);
    return result;
  };
  return { ask, end: () => child.disconnect() };
}

async function begin(relay, id) {
  const answer = await relay.send(JSON.stringify({ platformConversationId: id, text: "Where is my order?" }));
  await answer.arrayBuffer();
  if (answer.status !== 200) throw new Error(`the relay answered ${answer.status}`);
}

async function reply({ url }, id, text) {
  const body = JSON.stringify({ botId: BOT_ID, platformConversationId: id, text });
  const answer = await fetch(`${url}/webhooks/ticket/${SECRET}`, { method: "POST", body });
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

function random(list) {
  return list[Math.floor(Math.random() * list.length)];
}
