// How many instructions it takes natively to check an event: a figure that stays the same however busy the
// machine is. Compiled for speed; what is shipped is compiled for size, and takes others.

import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import { onPath } from "../../scripts/setup/places.mjs";

const CASES = ["example", "large", "faults"];
/** One run checks once and another so many times more: start and end are the same in both. */
const TIMES = 200;

const run = promisify(execFile);

/** What a machine lacks to count them; nothing where it can. */
export const lacking = onPath("valgrind")
  ? undefined
  : "there is no valgrind; on Debian: sudo apt-get install valgrind";

/** What made the program, as the file has it: rustc's version, and the kind of machine. */
export function compiler() {
  const about = execFileSync("rustc", ["--version", "--verbose"], { encoding: "utf8" });
  const field = (name) => new RegExp(`^${name}: (.*)$`, "m").exec(about)[1];
  return `rustc ${field("release")}, ${field("host")}`;
}

/** How many each case takes. */
export async function instructions() {
  if (lacking) throw new Error(lacking);
  const program = await built();
  const counts = CASES.map(async (name) => {
    const [once, more] = await Promise.all([1, 1 + TIMES].map((times) => counted(program, name, times)));
    return [name, Math.round((more - once) / TIMES)];
  });
  return Object.fromEntries(await Promise.all(counts));
}

async function built() {
  const json = "--message-format=json-render-diagnostics";
  const what = ["--package", "ticketwire-benches", "--example", "instructions"];
  const { stdout } = await run("cargo", ["build", "--quiet", "--locked", "--release", ...what, json]);
  const messages = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  return messages.find(({ executable }) => executable).executable;
}

/** All that one run takes, from its start to its end. */
async function counted(program, name, times) {
  const tool = ["--tool=callgrind", "--callgrind-out-file=/dev/null"];
  const { stderr } = await run("valgrind", [...tool, program, name, String(times)]);
  return Number(/Collected : (\d+)/.exec(stderr)[1]);
}
