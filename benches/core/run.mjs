// What the core costs, natively: how long it takes to do what a request asks of it, and how many instructions
// the check of an event takes.
//
//   npm run bench -- core

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { options } from "../options.mjs";
import { compiler, instructions, lacking } from "./instructions.mjs";

const RESULTS = resolve("build/benches/core");

/** Each by its name among criterion's results. */
const MEASURED = {
  "check/example": "checking the API reference's example",
  "check/large": "checking an event of 10 kB",
  "check/faults": "checking an event with five faults",
  "session/token": "a session's token",
  "webhook/standard-proof": "a webhook's proof, as Standard Webhooks has it",
  "webhook/zendesk-proof": "a webhook's proof, as Zendesk has it",
  "webhook/reply": "reading a reply",
  "stream/write": "writing a stream of 100 replies",
  "stream/read": "reading a stream of 100 replies",
};

options({});
if (lacking) console.error(`instructions are not counted: ${lacking}`);
const counts = lacking ? {} : await instructions();
time();
console.log(`| natively, with ${compiler()} | bytes | median | spread | MB/s | instructions |`);
console.log("|---|--:|--:|--:|--:|--:|");
for (const [id, what] of Object.entries(MEASURED)) console.log(row(what, resultOf(id)));

/** Has criterion measure; what it says on its way is progress. */
function time() {
  const bench = ["bench", "--quiet", "--locked", "--package", "ticketwire-benches", "--features", "timings"];
  const briefly = ["--quiet", "--warm-up-time", "1", "--measurement-time", "3"];
  const env = { ...process.env, CRITERION_HOME: RESULTS };
  const { status } = spawnSync("cargo", [...bench, "--", ...briefly], { env, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error("cargo bench has failed");
}

/** Times in nanoseconds. */
function resultOf(id) {
  const read = (file) => JSON.parse(readFileSync(join(RESULTS, id, "new", file), "utf8"));
  const { median, median_abs_dev } = read("estimates.json");
  const { throughput } = read("benchmark.json");
  return {
    bytes: throughput.Bytes,
    median: median.point_estimate,
    spread: median_abs_dev.point_estimate,
    count: id.startsWith("check/") ? counts[id.slice("check/".length)] : undefined,
  };
}

function row(what, { bytes, median, spread, count = "" }) {
  const share = ((100 * spread) / median).toFixed(1);
  const rate = (bytes * 1_000) / median;
  return `| ${what} | ${bytes} | ${(median / 1_000).toFixed(2)} µs | ± ${share} % | ${rate.toFixed(0)} | ${count} |`;
}
