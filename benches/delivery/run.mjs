// Durable delivery: how fast events are taken, how fast they are delivered, at once and after an outage, and how
// soon a reply is with its reader.
//
//   npm run bench -- delivery [--rounds 5] [--outages 3]
//
// One relay stores on the disk, as a relay does; the other in memory, which shows what the disk's share is. Rounds
// take turns: each relay with one conversation, then each with a thousand.

import { build } from "../../scripts/build.mjs";
import { startRelay } from "../../tests/worker/harness.mjs";
import { options } from "../options.mjs";
import { median, quantile } from "../quantile.mjs";
import { scratch } from "../scratch.mjs";
import { SECRET, delays, startReaders } from "../streams/replies.mjs";
import { startClient, startUpstream } from "../traffic/index.mjs";
import { flow, outage } from "./outgoing.mjs";

const { rounds: ROUNDS, outages: OUTAGES } = options({ rounds: 5, outages: 3 });
const EVENTS = 2_000;
const SPREADS = [1, 1_000];
const STREAMS = 100;
const REPLIES = { rate: 20, seconds: 20, readersOfEach: 1 };

await build("relay", console.error);
const [client, upstream, readers] = [await startClient(), await startUpstream(), startReaders()];
const places = [await place("disk"), await place("memory")];
const columns = SPREADS.flatMap((conversations) => places.map((place) => ({ ...place, conversations })));

await rounds(1, "warming up", columns, flow);
const flows = await rounds(ROUNDS, "taken", columns, flow);
// What is waited for then is the plan of tries, not the disk.
const onDisk = columns.filter(({ where }) => where === "disk");
const outages = await rounds(OUTAGES, "after an outage", onDisk, outage);
const ways = await replies(places[0].relay);
tell();
for (const { stop } of places) await stop();
for (const child of [client, upstream, readers]) child.end();

/** A relay that stores there. */
async function place(where) {
  const { folder, remove } = scratch(where);
  const variables = {
    API_BASE_URL: upstream.url,
    API_KEY: "key_of_a_bench",
    WEBHOOK_SECRETS: SECRET,
    DELIVERY: "durable",
  };
  const relay = await startRelay({ direct: true, persist: folder, variables });
  const stop = async () => {
    await relay.stop();
    remove();
  };
  return { where, relay, stop };
}

/** What each column has come to in each round. */
async function rounds(count, name, columns, work) {
  const results = columns.map(() => []);
  for (let round = 1; round <= count; round += 1) {
    for (const [index, { relay, conversations }] of columns.entries())
      results[index].push(await work({ relay, client, upstream }, { count: EVENTS, conversations }));
    console.error(`${name}: ${round} of ${count} rounds`);
  }
  return results;
}

/** How long replies took to readers of one conversation each, by rounds. */
async function replies(relay) {
  const ids = Array.from({ length: STREAMS }, (_, index) => `conversation-${index}`);
  const urls = ids.map((id) => `${relay.url}/conversations/${id}/stream`);
  await readers.ask("open", { urls, key: relay.key });
  const all = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const ms = await delays(relay, readers, { name: `round-${round}`, ids, ...REPLIES });
    if (round > 0) all.push(ms);
    console.error(`replies: ${round} of ${ROUNDS} rounds`);
  }
  await readers.ask("close");
  return all;
}

function tell() {
  table(`${EVENTS} events taken; stored`, columns, [
    ["taken a second", flows, ({ accepted }) => accepted, 0],
    ["– 16 at a time, each in ms: median", flows, ({ latencies }) => median(latencies), 1],
    ["– 99 of 100", flows, ({ latencies }) => quantile(latencies, 0.99), 1],
    ["delivered a second", flows, ({ delivered }) => delivered, 0],
  ]);
  table(`${EVENTS} events waiting; stored`, onDisk, [
    ["the API is well, and gets the first after, s", outages, ({ first }) => first, 1],
    ["– the last after, s", outages, ({ last }) => last, 1],
    ["– a second, in between", outages, ({ delivered }) => delivered, 0],
  ]);
  line([`a reply's way to its reader, ms: ${STREAMS} streams`, `${REPLIES.rate} replies a second`]);
  line(["---", "--:"]);
  for (const [what, part] of Object.entries({ median: 0.5, "99 of 100": 0.99, slowest: 1 }))
    line([
      what,
      told(
        ways.map((ms) => quantile(ms, part)),
        1,
      ),
    ]);
}

/** A column for each place and number of conversations; in each row, what is told of each column's rounds. */
function table(title, columns, rows) {
  const head = ({ where, conversations }) =>
    `${where}, ${conversations} conversation${conversations > 1 ? "s" : ""}`;
  line([title, ...columns.map(head)]);
  line(["---", ...columns.map(() => "--:")]);
  for (const [what, results, value, digits] of rows)
    line([what, ...results.map((rounds) => told(rounds.map(value), digits))]);
  console.log("");
}

function line(cells) {
  console.log(`| ${cells.join(" | ")} |`);
}

/** The median of the rounds, the least and the most. */
function told(values, digits) {
  return `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})`;
}
