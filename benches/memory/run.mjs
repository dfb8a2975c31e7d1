// What becomes of a relay's memory while very many events go through it.
//
//   npm run bench -- memory [--events 1000000] [--conversations 1000] [--samples 40] [--only direct]
//
// What is measured is in subjects.mjs; `--only` takes parts of names.
// Events go to so many conversations in turn. After each sample's share of them the resident memory of the
// relay's process is read; what it grows by is judged by the second half, when all there is to be filled has
// been. What is stored is stored in memory, so that no disk is waited for. Workers of a few lines show what the
// platform itself does with as many requests, and rows.

import { build } from "../../scripts/build.mjs";
import { childrenOf } from "../../scripts/process-table.mjs";
import { chosen, options } from "../options.mjs";
import { EVENT, startClient, startUpstream } from "../traffic/index.mjs";
import { scratch } from "../scratch.mjs";
import { slope } from "./slope.mjs";
import { SUBJECTS } from "./subjects.mjs";

const {
  events: EVENTS,
  conversations: CONVERSATIONS,
  samples: SAMPLES,
  only: ONLY,
} = options({ events: 1_000_000, conversations: 1_000, samples: 40, only: "" });
const SHARE = Math.ceil(EVENTS / SAMPLES);
const CONNECTIONS = 16;
const KEY = "key_of_a_bench";

const wished = chosen(SUBJECTS, ONLY);
await build("relay", console.error);
const [client, upstream] = [await startClient(), await startUpstream()];
const results = [];
for (const [name, start] of wished) results.push({ name, ...(await measure(name, start)) });
client.end();
upstream.end();
tell();

/** Its samples: events sent so far, and resident memory in MB. */
async function measure(name, start) {
  const { folder, remove } = scratch("memory");
  const worker = await start(folder, { API_BASE_URL: upstream.url, API_KEY: KEY });
  try {
    // The worker is the one that was started last.
    const { pid } = childrenOf(process.pid).findLast(({ program }) => /workerd/.test(program));
    const memory = () => childrenOf(process.pid).find((child) => child.pid === pid).megabytes;
    const samples = [{ x: 0, y: memory() }];
    let [seconds, failed] = [0, 0];
    while (samples.length <= SAMPLES) {
      const sent = await send(worker, samples.at(-1).x);
      seconds += sent.seconds;
      failed += sent.failed;
      samples.push({ x: samples.length * SHARE, y: memory() });
      console.error(`${name}: ${samples.at(-1).x} events, ${samples.at(-1).y.toFixed(0)} MB`);
    }
    return { samples, seconds, failed };
  } finally {
    await worker.stop();
    remove();
  }
}

function send({ url, key }, from) {
  return client.send({
    url: `${url}/converse/ticket`,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: EVENT,
    conversations: CONVERSATIONS,
    from,
    connections: CONNECTIONS,
    expected: [200, 202],
    count: SHARE,
  });
}

function tell() {
  const line = (cells) => console.log(`| ${cells.join(" | ")} |`);
  line([`memory of workerd, MB; ${CONVERSATIONS} conversations`, ...results.map(({ name }) => name)]);
  line(["--:", ...results.map(() => "--:")]);
  for (let index = 0; index <= SAMPLES; index += 1)
    line([`after ${index * SHARE} events`, ...results.map(({ samples }) => samples[index].y.toFixed(1))]);
  line(["second half: kB per 1,000 events", ...results.map(({ samples }) => growth(samples))]);
  line(["answered with neither 200 nor 202", ...results.map(({ failed }) => failed)]);
  line(["events a second", ...results.map(({ seconds }) => ((SHARE * SAMPLES) / seconds).toFixed(0))]);
}

/** Its points are MB by events: a million kB per 1,000 events each. */
function growth(samples) {
  const { steepness, error } = slope(samples.slice(Math.ceil(samples.length / 2)));
  return `${(steepness * 1e6).toFixed(1)} ± ${(error * 1e6).toFixed(1)}`;
}
