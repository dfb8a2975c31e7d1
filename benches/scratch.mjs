// A folder for what a relay stores, while it is measured.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Linux's file system in memory: nothing there waits for a disk. */
const IN_MEMORY = "/dev/shm";

/** On the disk, or in memory where the system has such a thing. */
export function scratch(place = "disk") {
  const parent = place === "memory" && existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir();
  const folder = mkdtempSync(join(parent, "ticketwire-bench-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}
