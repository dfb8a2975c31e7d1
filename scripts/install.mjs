// Installs what one step alone needs, as the package.json of its folder has it.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

/** What those packages bring along is as it was on this day: a lock file would name one system's packages only. */
const DAY = "2026-11-20";
/** Who can't reach a registry learns it soon: npm itself would try for many minutes. */
const SOON = ["--fetch-retries", "1", "--fetch-timeout", "60000"];
const WITHIN_MS = 5 * 60_000;
const QUIET = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"];

/** npm could not install: the packages can't be had on this machine, or not now. */
export class NotInstalled extends Error {}

/** Installs into the folder, unless the same has been installed there. */
export async function install(folder) {
  const stamp = join(folder, "node_modules", ".ticketwire-installed");
  const wanted = fingerprint(folder);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  const npm = promisify(execFile)("npm", ["install", ...QUIET, ...SOON, "--before", DAY], {
    cwd: folder,
    timeout: WITHIN_MS,
  });
  await npm.catch((error) => {
    throw new NotInstalled(`its tools could not be installed: ${reason(error)}`);
  });
  // Where nothing was to be installed, npm makes no folder either.
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** Tells what is to be installed there from everything else. */
export function fingerprint(folder) {
  return createHash("sha256")
    .update(`${process.platform} ${process.arch} ${DAY}`)
    .update(readFileSync(join(folder, "package.json")))
    .digest("hex");
}

/** The first line that says more than a code. */
function reason({ killed, message }) {
  if (killed) return `npm had not ended after ${WITHIN_MS / 60_000} minutes`;
  return message.split("\n").find((line) => /^npm error (?!code )/.test(line)) ?? message;
}
