// What the relay costs, beside others that could stand in its place: requests a second, CPU time of the
// server's process for each, and how long callers wait.
//
//   npm run bench -- relay [--rounds 7] [--requests 4000] [--rate 300] [--only direct,Hono]
//
// All send the same events to the same upstream. Rounds go from one to the next, so that whatever else the
// machine does meets all of them.

import { cpuSeconds } from "../../scripts/process-table.mjs";
import { chosen, options } from "../options.mjs";
import { median, quantile } from "../quantile.mjs";
import { EVENT, startClient, startUpstream } from "../traffic/index.mjs";
import { prepare, startExpress, startOurs, startPeer } from "./servers.mjs";

const {
  rounds: ROUNDS,
  requests: REQUESTS,
  rate: RATE,
  only: ONLY,
} = options({ rounds: 7, requests: 4_000, rate: 300, only: "" });
const CONNECTIONS = 32;
const CONVERSATIONS = 1_000;
const OPEN_S = 10;
/** The limit of anything that checks. */
const LIMIT = "read and forward, unchecked";

const SERVERS = {
  "pass-through, unread": (upstream) => startPeer("pass-through", upstream),
  [LIMIT]: (upstream) => startPeer("read-and-forward", upstream),
  "the relay's duties in JavaScript, unchecked": (upstream) => startPeer("same-duties", upstream),
  "**ticketwire, direct**": (upstream) => startOurs(upstream, "direct"),
  "store and forward, unchecked": (upstream) => startPeer("store-and-forward", upstream),
  "**ticketwire, durable**": (upstream) => startOurs(upstream, "durable"),
  "Hono + zod": (upstream) => startPeer("hono-zod", upstream),
  "worker crate": (upstream) => startPeer("worker-crate", upstream),
  "Express + class-validator + axios": startExpress,
};

const wished = chosen(SERVERS, ONLY);
await prepare();
const upstream = await startUpstream();
const client = await startClient();
const competitors = [];
for (const [name, start] of wished) {
  competitors.push({ name, ...(await start(upstream)), rounds: [] });
}
try {
  for (const competitor of competitors) await round(competitor);
  for (let count = 1; count <= ROUNDS; count += 1) {
    for (const competitor of competitors) competitor.rounds.push(await round(competitor));
    console.error(`round ${count} of ${ROUNDS}`);
  }
} finally {
  await Promise.all(competitors.map(({ stop }) => stop()));
  client.end();
  upstream.end();
}
console.log(table());

/** One round of one of them. */
async function round({ url, key, pid }) {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const load = {
    url: `${url}/converse/ticket`,
    headers,
    body: EVENT,
    conversations: CONVERSATIONS,
    expected: [200],
  };
  const from = cpuSeconds(pid);
  const { seconds } = all(await client.send({ ...load, count: REQUESTS, connections: CONNECTIONS }));
  const cpu = (cpuSeconds(pid) - from) / REQUESTS;
  const { latencies } = all(await client.sendOpenly({ ...load, rate: RATE, seconds: OPEN_S }));
  const [p50, p99] = [0.5, 0.99].map((part) => quantile(latencies, part));
  return { rate: REQUESTS / seconds, cpu: cpu * 1e6, p50, p99 };
}

function all(sent) {
  if (sent.failed > 0) throw new Error(`${sent.failed} requests were not answered with 200`);
  return sent;
}

function table() {
  const limit = competitors.find(({ name }) => name === LIMIT);
  const head = `| ${CONNECTIONS} at a time, ${CONVERSATIONS} conversations | CPU a request | ratio | requests a second | ratio | waiting, median at ${RATE}/s | p99 |`;
  return [head, "|---|--:|--:|--:|--:|--:|--:|", ...competitors.map((each) => row(each, limit))].join("\n");
}

function row(each, limit) {
  const of = ({ rounds }, figure) => median(rounds.map((round) => round[figure]));
  const ratio = (figure) => (limit ? (of(each, figure) / of(limit, figure)).toFixed(2) : "");
  const cpu = `${of(each, "cpu").toFixed(0)} µs`;
  const waits = ["p50", "p99"].map((figure) => `${of(each, figure).toFixed(1)} ms`);
  return `| ${[each.name, cpu, ratio("cpu"), of(each, "rate").toFixed(0), ratio("rate"), ...waits].join(" | ")} |`;
}
