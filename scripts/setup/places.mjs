// Where things are: the project, what it pins, and the cache that all clones on a machine share.

import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");
export const pins = JSON.parse(readFileSync(join(root, "scripts/toolchain.json"), "utf8"));

const cache = resolve(
  process.env.TICKETWIRE_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "ticketwire"),
);
const scratchPrefix = "building-";
const abandonedAfterMs = 60 * 60 * 1000;

export const cached = (name) => join(cache, name);

/** The full path of `program` on PATH, or nothing. */
export function onPath(program) {
  const directories = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return directories.map((directory) => join(directory, program)).find((path) => existsSync(path));
}

/**
 * Makes the cache's directory `name`: `fill` gets an empty directory to fill and another for its
 * scratch. The result appears in one step, so a set-up that is killed leaves nothing half made, and
 * of two that run at once the first to finish wins.
 */
export async function publish(name, fill) {
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(cached(scratchPrefix));
  try {
    const filled = join(scratch, "out");
    await mkdir(filled);
    await fill(filled, scratch);
    await rename(filled, cached(name)).catch((error) => {
      if (!existsSync(cached(name))) throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Removes what a set-up that was killed outright left behind. */
export async function sweep() {
  const names = await readdir(cache).catch(() => []);
  for (const name of names.filter((name) => name.startsWith(scratchPrefix))) {
    const made = await stat(cached(name)).catch(() => null);
    if (made && Date.now() - made.mtimeMs > abandonedAfterMs) {
      await rm(cached(name), { recursive: true, force: true });
    }
  }
}
