// `npm run chaos`: kills the relay's process again and again while the API flaps, and proves from
// ledgers of both sides that nothing is lost.
//
//   npm run chaos -- --minutes 10 --seed 1
//   npm run chaos -- --check FOLDER     judges the ledgers of an earlier run once more
//   npm run chaos -- --planted          runs against relays with a planted bug: each must be found out
//
// The seed decides every die: what callers send, what fails, what kills aim at. When a process gets its
// turn is the machine's own business, so the same seed is the same plan, not the same run.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { check } from "../tests/chaos/checker.mjs";
import { readBooks } from "../tests/chaos/ledger.mjs";
import { runPlanted } from "../tests/chaos/planted.mjs";
import { run } from "../tests/chaos/run.mjs";
import { summary } from "../tests/chaos/summary.mjs";
import { list, table } from "../tests/chaos/table.mjs";
import { build } from "./build.mjs";

const USAGE = "npm run chaos -- [--minutes N] [--seed S] [--check FOLDER] [--planted]";

const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => interrupt.abort());

try {
  process.exitCode = await main(readArguments());
} catch (error) {
  console.error(`npm run chaos: ${interrupt.signal.aborted ? "interrupted" : error.stack}`);
  process.exitCode = interrupt.signal.aborted ? 130 : 1;
}
// Callers may still be asking: what was started is stopped, and nothing else is worth waiting for.
process.exit();

function readArguments() {
  const options = {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
    check: { type: "string" },
    planted: { type: "boolean", default: false },
  };
  try {
    const { values } = parseArgs({ options });
    const minutes = Number(values.minutes);
    if (!(minutes > 0)) throw new Error("--minutes is a number above 0");
    return { ...values, minutes };
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`);
    process.exit(2);
  }
}

async function main({ minutes, seed, check: folder, planted }) {
  if (folder) return judge(readBooks(folder), { minutes, seed, folder, took: "?" });
  for (const name of ["relay", "emulator"]) await build(name);
  const signal = interrupt.signal;
  if (planted) return (await runPlanted({ seed, signal, say: console.log })) ? 0 : 1;
  const from = performance.now();
  const into = join("target", "chaos", `seed-${seed}-${new Date().toISOString().replace(/[:.]/g, "-")}`);
  console.log(`${minutes} min of chaos with the seed ${seed}; ledgers in ${into}`);
  const books = await run({ minutes, seed, folder: into, signal, say: console.log });
  return judge(books, { minutes, seed, folder: into, took: ((performance.now() - from) / 1_000).toFixed(0) });
}

/** Prints what a run came to; the exit code. */
function judge(books, { minutes, seed, folder, took }) {
  const { history, violations } = check(books, { minutes });
  console.log(`\n${table(history, violations, { minutes, seed, took })}`);
  if (violations.length === 0) {
    // The storage is of use to a post-mortem only.
    for (const name of ["relay", "emulator"]) rmSync(join(folder, name), { recursive: true, force: true });
    const { kills, accepted } = summary(history);
    console.log(`\nnothing lost, nothing out of order: ${accepted} events through ${kills} kills`);
    return 0;
  }
  console.error(`\n${violations.length} violations:\n${list(violations)}`);
  console.error(`\nseed ${seed}; ledgers and storage in ${folder}`);
  console.error(`to run it again: npm run chaos -- --minutes ${minutes} --seed ${seed}`);
  return 1;
}
