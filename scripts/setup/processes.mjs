// The programs that the set-up runs, and the command it is there for.

import { spawn } from "node:child_process";
import { constants } from "node:os";
import { Stuck, say } from "./progress.mjs";
import { root } from "./places.mjs";

const parentCheckMs = 300;
const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
const linesShown = { first: 6, last: 30 };
const tools = new Set();
let stopped;

/**
 * Runs a tool to its end, quietly, and returns what it wrote to stdout. A tool that fails, or takes
 * longer than `limitMs`, is a `Stuck` with its last lines. `mustFinish` is for what would leave the
 * machine broken if it were stopped half-way.
 */
export function run(program, args, { env = process.env, cwd = root, limitMs, mustFinish = false } = {}) {
  if (stopped) return Promise.reject(new Stuck("the set-up was stopped"));
  return new Promise((done, fail) => {
    // A group of its own: Ctrl-C must reach it through stopTools only, and then with its children.
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const tool = { child, mustFinish };
    tools.add(tool);
    let out = "";
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      out += text;
      printed += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => (printed += text));
    const limit = limitMs && setTimeout(() => endGroup(child), limitMs);
    const end = (problem) => {
      clearTimeout(limit);
      tools.delete(tool);
      if (!problem && !stopped) return done(out);
      fail(new Stuck(problem ?? "the set-up was stopped", { printed: excerpt(printed) }));
    };
    child.on("error", (error) => end(`${program} could not be started (${error.code})`));
    child.on("close", (code, signal) => {
      const ending = signal ? `was ended by ${signal}` : `ended with code ${code}`;
      end(code === 0 ? undefined : `${program} ${ending}`);
    });
  });
}

/** Ends the tools that run now and lets no more start; what must finish is left to finish. */
export function stopTools() {
  stopped = true;
  for (const { child, mustFinish } of tools) {
    if (mustFinish) say(`waiting for ${child.spawnfile}, which must not be stopped half-way`);
    else endGroup(child);
  }
}

/** Runs `work`; a signal that arrives meanwhile stops the tools, and returns once they have ended. */
export async function untilSignal(work) {
  let received;
  const stop = (signal) => {
    if (received) return;
    received = signal;
    stopTools();
  };
  const ignoreSignals = onSignals(stop);
  try {
    return await work();
  } catch (error) {
    if (!received) throw error;
  } finally {
    ignoreSignals();
    if (received) await dieOf(received);
  }
}

/** Runs the command in our place: same terminal, same signals, same ending. */
export async function become([program, ...args], env) {
  // At a terminal the command shares our group, and Ctrl-C reaches all of it without us. Elsewhere
  // it leads a group of its own, so that a signal sent to us alone can be passed to the whole tree.
  const atTerminal = Boolean(process.stdin.isTTY);
  const child = spawn(program, args, { env, stdio: "inherit", detached: !atTerminal });
  const ignoreSignals = onSignals((signal) => {
    if (!atTerminal) endGroup(child, signal);
    else if (signal !== "SIGINT") child.kill(signal);
  });
  const [code, signal] = await new Promise((done) => {
    child.on("exit", (...ending) => done(ending));
    child.on("error", (error) => {
      say(`${program} could not be started (${error.code})`);
      done([error.code === "ENOENT" ? 127 : 126]);
    });
  });
  ignoreSignals();
  if (signal) await dieOf(signal);
  process.exit(code);
}

/** The last lines, and the first few too: some tools end with pages of usage. */
function excerpt(printed) {
  const lines = printed.trimEnd().split(/\r?\n/);
  const { first, last } = linesShown;
  return lines.length <= first + last ? lines : [...lines.slice(0, first), "...", ...lines.slice(-last)];
}

/** Calls `handle` for each signal that asks us to end, until the function it returns is called. */
function onSignals(handle) {
  const received = (signal) => {
    clearInterval(watch);
    handle(signal);
  };
  for (const signal of signals) process.on(signal, received);
  // npm passes a signal to its shell only, and the shell to nobody: that it has gone is all we see.
  const parent = process.ppid;
  const orphaned = () => process.ppid !== parent && received("SIGTERM");
  const watch = process.env.npm_lifecycle_event && setInterval(orphaned, parentCheckMs).unref();
  return () => {
    clearInterval(watch);
    for (const signal of signals) process.off(signal, received);
  };
}

function endGroup(child, signal = "SIGTERM") {
  if (child.pid === undefined) return; // it could not be started
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/** Ends by the signal itself, as whoever started us expects: a code would look like a failure. */
async function dieOf(signal) {
  process.kill(process.pid, signal);
  await new Promise((done) => setTimeout(done, 1000));
  process.exit(codeOf(signal));
}

const codeOf = (signal) => 128 + constants.signals[signal];
