// An example as a person runs it: its own packages installed, its program started.

import { spawn } from "node:child_process";
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
  const url = await new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`${command.join(" ")} does not serve\n${output()}`));
    const timer = setTimeout(() => (child.kill(), fail()), READY_WITHIN_MS);
    ended.then(fail).finally(() => clearTimeout(timer));
    child.stdout.on("data", () => {
      const [said] = /http:\/\/(127\.0\.0\.1|localhost):\d+/.exec(output()) ?? [];
      if (said) resolve(said);
    });
  });
  return { url, output, stop };
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
