// `npm run fuzz`: libFuzzer over every target of fuzz/, one after another, on one core.
//
//   npm run fuzz -- --minutes 5                    each target for five minutes
//   npm run fuzz -- --minutes 5 --target event     one of them
//   npm run fuzz -- --minutes 5 --keep             and the corpus then is the best of what was found
//
// What a run comes upon stays in target/fuzz, so the next one begins where it ended. `cargo test` runs
// the corpora, which are in fuzz/corpus, on any Rust.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { keepBest } from "./fuzz/corpus.mjs";
import { lastLines, run } from "./fuzz/process.mjs";
import { prepare, cargoFuzz } from "./fuzz/tool.mjs";

const USAGE = "npm run fuzz -- [--minutes N] [--target NAME] [--keep]";
const PROGRESS_MS = 20_000;
// Everything that is read is longer than this only by repeating itself.
const MAX_BYTES = 4096;
const TIMEOUT_S = 10;

try {
  process.exitCode = await main(readArguments());
} catch (error) {
  console.error(`npm run fuzz: ${error.message}`);
  process.exitCode = 1;
}

function readArguments() {
  const options = {
    minutes: { type: "string", default: "1" },
    target: { type: "string" },
    keep: { type: "boolean", default: false },
  };
  try {
    const { values } = parseArgs({ options });
    const seconds = Math.round(Number(values.minutes) * 60);
    if (!(seconds > 0)) throw new Error("--minutes is a number above 0");
    return { ...values, seconds };
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`);
    process.exit(2);
  }
}

async function main({ seconds, target, keep }) {
  const targets = await prepare();
  if (target && !targets.includes(target))
    throw new Error(`no target ${target}; there are ${targets.join(", ")}`);
  for (const name of target ? [target] : targets) {
    const found = join("target", "fuzz", name);
    mkdirSync(found, { recursive: true });
    if (!(await fuzz(name, found, seconds))) return 1;
    if (keep) console.log(`${name}: ${await keepBest(name, found)}`);
  }
  return 0;
}

/** Whether a target held for as long as it was fuzzed. */
async function fuzz(name, found, seconds) {
  console.log(`${name}: building, then ${seconds} s of fuzzing`);
  let line = "";
  const progress = setInterval(() => line && console.log(`  ${line}`), PROGRESS_MS);
  const limits = [`-max_total_time=${seconds}`, `-timeout=${TIMEOUT_S}`, `-max_len=${MAX_BYTES}`];
  const command = cargoFuzz("run", name, found, join("fuzz", "corpus", name), "--", ...limits);
  const { code, output } = await run(
    command,
    (text) => (line = /^#\d+.*exec\/s: \d+/m.exec(text)?.[0] ?? line),
  );
  clearInterval(progress);
  if (code === 0) {
    console.log(`${name}: ${/^Done .*/m.exec(output)?.[0]}, ${rate(output)} a second; nothing found`);
    return true;
  }
  console.error(`${lastLines(output)}\n${name}: FOUND SOMETHING, or could not run: see above`);
  console.error(`mend it, and put the file into fuzz/corpus/${name} under a name that says what it shows`);
  return false;
}

function rate(output) {
  return [...output.matchAll(/exec\/s: (\d+)/g)].at(-1)?.[1];
}
