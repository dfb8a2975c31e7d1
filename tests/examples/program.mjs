// An example as a person runs it: its own packages installed, its program started.

import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { install } from "../../scripts/install.mjs";

const READY_WITHIN_MS = 30_000;

/** Where an example is, with what it needs. */
export async function prepare(name) {
  const folder = `examples/${name}`;
  await install(folder);
  return folder;
}

/** Runs a program to its end. */
export async function run(command, options) {
  const { child, output } = start(command, options);
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}\n${output()}`);
}

/** Starts a program that serves, waits until it says where, and gives that. */
export async function serve(command, options) {
  const { child, output } = start(command, options);
  const ended = new Promise((resolve) => child.on("close", resolve));
  const stop = () => (child.kill(), ended);
  const said = new Promise((resolve) => {
    child.stdout.on("data", () => {
      const [url] = /http:\/\/(127\.0\.0\.1|localhost):\d+/.exec(output()) ?? [];
      if (url) resolve(url);
    });
  });
  const url = await Promise.race([said, ended, sleep(READY_WITHIN_MS, undefined, { ref: false })]);
  if (typeof url === "string") return { url, output, stop };
  await stop();
  throw new Error(`${command.join(" ")} does not serve\n${output()}`);
}

function start([program, ...args], { cwd, env = {} }) {
  const all = { ...process.env, NO_COLOR: "1", ...env };
  delete all.FORCE_COLOR;
  const child = spawn(program, args, { cwd, env: all, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (part) => (text += part));
  return { child, output: () => text };
}
