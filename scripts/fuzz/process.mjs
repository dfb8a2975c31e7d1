// A command whose output matters.

import { spawn } from "node:child_process";

const LINES_SHOWN = 40;

/** Runs a command to its end; each piece of output is given to `hear` as it comes. */
export function run([command, ...args], hear = () => {}) {
  return new Promise((resolve) => {
    // A toolchain that is missing is for the user to install, not for rustup on its own.
    const env = { ...process.env, RUSTUP_AUTO_INSTALL: "0" };
    const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
        hear(text);
      });
    }
    child.on("error", (error) => resolve({ code: 1, output: error.message }));
    child.on("close", (code) => resolve({ code, output }));
  });
}

export const lastLines = (output) => output.trimEnd().split("\n").slice(-LINES_SHOWN).join("\n");
