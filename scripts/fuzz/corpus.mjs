// Which of all inputs found are worth keeping in the repository: those that together reach the most.

import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { lastLines, run } from "./process.mjs";
import { cargoFuzz } from "./tool.mjs";

// `tests/corpora.rs` holds corpora to 300 files; what people have put there by hand has room too.
const MAX_FILES = 250;

/** Makes the corpus of a target from what is in it and in `found`; says what came of it. */
export async function keepBest(name, found) {
  const corpus = join("fuzz", "corpus", name);
  const best = cover(await reached(name, [corpus, found]));
  const kept = new Set(best.map((file) => basename(file)));
  for (const file of best) if (!file.startsWith(corpus)) copyFileSync(file, join(corpus, basename(file)));
  for (const file of readdirSync(corpus)) if (isFound(file) && !kept.has(file)) rmSync(join(corpus, file));
  return `${readdirSync(corpus).length} files are in its corpus`;
}

/** libFuzzer names files by their digest; other names were given by people, and stay. */
const isFound = (file) => /^[0-9a-f]{40}$/.test(file);

/** Which edges of the code each file reaches, as libFuzzer notes it when it merges. */
async function reached(name, folders) {
  const [merged, notes] = [join("target", "fuzz", `${name}.merged`), join("target", "fuzz", `${name}.notes`)];
  for (const place of [merged, notes]) rmSync(place, { recursive: true, force: true });
  const how = ["-set_cover_merge=1", "-use_counters=0", `-merge_control_file=${notes}`];
  mkdirSync(merged, { recursive: true });
  const { code, output } = await run(cargoFuzz("run", name, merged, ...folders, "--", ...how));
  if (code !== 0) throw new Error(lastLines(output));
  return readNotes(readFileSync(notes, "utf8").split("\n"));
}

/** The notes: how many files, how many of them are old, their names, then a line `FT number edge…` each. */
function readNotes([count, , ...lines]) {
  const files = lines.slice(0, Number(count));
  const notes = lines.filter((line) => line.startsWith("FT ")).map((line) => line.split(" ").slice(1));
  return new Map(notes.map(([number, ...edges]) => [files[number], edges]));
}

/** The file that adds most, then the one that adds most to that, and so on. */
function cover(reached) {
  const seen = new Set();
  const best = [];
  const gain = (file) => reached.get(file).reduce((sum, edge) => sum + !seen.has(edge), 0);
  while (best.length < MAX_FILES && reached.size > 0) {
    const [added, next] = [...reached.keys()].reduce(
      (top, file) => (gain(file) > top[0] ? [gain(file), file] : top),
      [0, undefined],
    );
    if (added === 0) break;
    reached.get(next).forEach((edge) => seen.add(edge));
    reached.delete(next);
    best.push(next);
  }
  return best;
}
