// Runs the tools of a build.

import { execFileSync } from "node:child_process";

/** Runs a command to its end; it says what it has to say. */
export function run(command, args, env = process.env) {
  execFileSync(command, args, { env, stdio: ["ignore", "inherit", "inherit"] });
}

/** Runs one that warns of what is meant; where it fails, what it has said is in the error. */
export function runQuietly(command, args) {
  execFileSync(command, args, { stdio: ["ignore", "inherit", "pipe"] });
}
