// How long it takes until the core is there: its WebAssembly in workerd, in Node and in a browser, and the first
// request of a relay that has just been started.
//
//   npm run bench -- start [--starts 25]

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "../../scripts/build.mjs";
import { startUpstream } from "../traffic/index.mjs";
import { options } from "../options.mjs";
import { median, quantile } from "../quantile.mjs";
import { startPage } from "./page.mjs";
import { firstRequests } from "./relay.mjs";
import { core, emptyWorker, relayWorker } from "./workers.mjs";

const { starts: STARTS } = options({ starts: 25 });
const EVENT = readFileSync("benches/bodies/example.json", "utf8");

for (const name of ["relay", "client"]) await build(name, console.error);
const upstream = await startUpstream();
const page = await startPage(EVENT);

/** What is started anew in each round, and which of its times are told. */
const STARTED = [
  [core, { "the relay's core in workerd: instantiate (whole ms)": "first", "– once more": "more" }],
  [relayWorker, { "workerd with the relay, until it answers": "answered" }],
  [emptyWorker, { "– with a Worker that does nothing": "answered" }],
  [
    () => inNode("node.mjs", "build/relay/core.wasm"),
    { "the relay's core in Node: compile": "compile", "– instantiate": "instantiate" },
  ],
  [
    () => inNode("node.mjs", "pkg/dist/ticketwire.wasm"),
    { "the package's core in Node: compile": "compile", "– instantiate": "instantiate" },
  ],
  [
    () => inNode("check.mjs", pathToFileURL("pkg/dist/index.js").href, EVENT),
    { "the package in Node: import": "load", "– first check": "first", "– second check": "second" },
  ],
  [
    page.firstChecks,
    { "the package in Chromium: import": "load", "– first check": "first", "– second check": "second" },
  ],
  [asked("direct", "/health"), { "a relay's first request, `/health`": "first", "– second": "second" }],
  [asked("direct"), { "– an event, direct": "first", "– second": "second" }],
  [asked("durable"), { "– an event, durable": "first", "– second": "second" }],
];

const rounds = [];
// The first round is not counted: files come from the disk.
for (let round = 0; round <= STARTS; round += 1) {
  const times = [];
  for (const [start] of STARTED) times.push(await start());
  if (round > 0) rounds.push(times);
  console.error(`${round} of ${STARTS} starts`);
}
upstream.end();
await page.stop();

console.log(`| ${STARTS} fresh starts | median | 95 of 100 | slowest |`);
console.log("|---|--:|--:|--:|");
for (const [index, [, told]] of STARTED.entries())
  for (const [what, name] of Object.entries(told)) console.log(row(what, timesOf(index, name)));

function timesOf(index, name) {
  return rounds.map((times) => times[index][name]);
}

function row(what, times) {
  const parts = [median(times), quantile(times, 0.95), Math.max(...times)];
  return `| ${what} | ${parts.map((ms) => `${ms.toFixed(ms < 10 ? 2 : 1)} ms`).join(" | ")} |`;
}

async function inNode(file, ...rest) {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...rest]);
  return JSON.parse(stdout);
}

function asked(mode, path) {
  return () => firstRequests({ mode, path, upstream: upstream.url });
}
