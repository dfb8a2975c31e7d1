// A program that a place runs: to its end, or beside its rows.

import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

const MOST_MS = 300_000;
const READY_WITHIN_MS = 60_000;
const LINES_SHOWN = { first: 10, last: 40 };

const running = new Set();
process.on("exit", () => running.forEach(kill));

/** Runs one to its end, and gives what it wrote. */
export async function run(command, options) {
  const program = start(command, options);
  const timer = setTimeout(() => kill(program.child), MOST_MS);
  const code = await program.ended;
  clearTimeout(timer);
  if (code !== 0) {
    const why = `${program.excerpt()}\n(${command.join(" ")} ended with ${code})`;
    throw Object.assign(new Error(why), { output: program.output() });
  }
  return program.output();
}

/** Starts one that serves, and waits until it answers at this URL. */
export async function serve(command, url, options) {
  const program = start(command, options);
  let code;
  program.ended.then((ended) => (code = ended ?? "a signal"));
  for (const end = Date.now() + READY_WITHIN_MS; !(await answers(url)); await sleep(100)) {
    const why = code !== undefined ? `ended with ${code}` : Date.now() > end && `does not answer at ${url}`;
    if (!why) continue;
    kill(program.child);
    throw new Error(`${program.excerpt()}\n(${command.join(" ")} ${why})`);
  }
  return { stop: () => (kill(program.child), program.ended) };
}

function start([command, ...args], { cwd, env = {} }) {
  const all = { ...process.env, NO_COLOR: "1", CI: "1", ...env };
  delete all.FORCE_COLOR;
  // A group of its own: what it starts ends with it.
  const child = spawn(command, args, { cwd, env: all, stdio: ["ignore", "pipe", "pipe"], detached: true });
  running.add(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (part) => (text += part));
  const ended = new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", resolve);
  });
  ended.then(() => running.delete(child));
  return { child, ended, output: () => text, excerpt: () => excerpt(text) };
}

/** The last lines, and the first few too: some tools end with pages of usage. */
function excerpt(text) {
  const lines = text.trimEnd().split("\n");
  const { first, last } = LINES_SHOWN;
  if (lines.length <= first + last) return lines.join("\n");
  return [...lines.slice(0, first), "…", ...lines.slice(-last)].join("\n");
}

function kill(child) {
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has ended, or never began.
  }
}

async function answers(url) {
  try {
    await fetch(url, { signal: AbortSignal.timeout(5_000) });
    return true;
  } catch {
    return false;
  }
}
