// The package as npm would publish it.

import { copyFileSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { run } from "./program.mjs";

const SOURCE = "pkg";

/** Packs the package of this tree, or takes the tarball that there is, into this folder. */
export async function tarball(folder, given) {
  mkdirSync(folder, { recursive: true });
  const file = resolve(folder, "ticketwire.tgz");
  if (given) copyFileSync(given, file);
  else renameSync(await pack(folder), file);
  const digest = createHash("sha256").update(readFileSync(file)).digest("hex");
  return { file, digest };
}

async function pack(folder) {
  const command = ["npm", "pack", "--silent", "--pack-destination", resolve(folder)];
  return join(folder, (await run(command, { cwd: SOURCE })).trim().split("\n").at(-1));
}
