// Does the checker find a relay out? Bugs are planted into copies of the relay's sources, one at a time,
// and a short run against each must fail, and for the right reason.

import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../../scripts/build.mjs";
import { check } from "./checker.mjs";
import { run } from "./run.mjs";
import { list } from "./table.mjs";

const COPIED = [
  "Cargo.toml",
  "Cargo.lock",
  "README.md",
  "wrangler.toml",
  "src",
  "benches/core",
  "scripts/bindgen",
];
const MINUTES = 0.4;
const SHOWN = 3;

/** Runs against each planted bug; whether all of them were found out. */
export async function runPlanted({ seed, signal, say }) {
  const names = readdirSync(new URL("planted/", import.meta.url)).sort();
  const bugs = await Promise.all(
    names.map(async (name) => (await import(new URL(`planted/${name}`, import.meta.url))).default),
  );
  let missed = 0;
  for (const bug of bugs) {
    say(`\nplanted: ${bug.name}`);
    if (!(await isFound(bug, { seed, signal, say }))) missed += 1;
  }
  say(`\n${bugs.length - missed} of ${bugs.length} planted bugs found out`);
  return missed === 0 && bugs.length > 0;
}

async function isFound(bug, { seed, signal, say }) {
  const root = mkdtempSync(join(tmpdir(), "ticketwire-planted-"));
  try {
    for (const path of COPIED) cpSync(path, join(root, path), { recursive: true });
    plant(bug, root);
    await build("relay", say, root);
    const folder = join(root, "run");
    const relayConfig = join(root, "wrangler.toml");
    const books = await run({ minutes: MINUTES, seed, folder, relayConfig, signal, say });
    // Too little may well have happened; that alone would not be a find.
    const found = check(books, { minutes: MINUTES }).violations.filter(({ check }) => check !== "progress");
    const checks = [...new Set(found.map(({ check }) => check))];
    const expected = found.filter((violation) => bug.foundBy.includes(violation.check));
    say(`${found.length} violations, of: ${checks.join(", ") || "nothing"}`);
    say(expected.length > 0 ? list(expected.slice(0, SHOWN)) : `NOT FOUND by ${bug.foundBy.join(" or ")}`);
    return expected.length > 0;
  } finally {
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Changes the sources; each text to be replaced must be there exactly once. */
export function plant({ name, edits }, root) {
  for (const { file, find, put } of edits) {
    const path = join(root, file);
    const text = readFileSync(path, "utf8");
    const times = text.split(find).length - 1;
    if (times !== 1)
      throw new Error(`“${name}” can't be planted: ${file} has its text ${times} times, not once`);
    writeFileSync(
      path,
      text.replace(find, () => put),
    );
  }
}
