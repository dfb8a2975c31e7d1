// A process of its own for one Worker, so that it can be killed:
//
// It loads what it needs, says "loaded", and waits. Told what to start, it starts that, and says
// where it is and which process is the runtime's. So a successor can stand by, loaded, while the
// predecessor still runs. It ends with whoever started it.

import { execFileSync } from "node:child_process";
import { startWorker } from "../../scripts/local.mjs";

/** The processes that a process has started. */
function childrenOf(parent) {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" });
  return table
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [])
    .filter(([, , ppid, command]) => Number(ppid) === parent && !/(^|\/)ps$/.test(command))
    .map(([, pid]) => Number(pid));
}

/** Where nobody hears it any more, it is over. */
const say = (message) => process.send(message, (error) => error && end());

function end() {
  for (const pid of childrenOf(process.pid)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
  process.exit();
}

process.on("message", async ({ config, options }) => {
  try {
    const { url } = await startWorker(config, options);
    say({ kind: "started", url, runtime: childrenOf(process.pid) });
  } catch (error) {
    say({ kind: "failed", message: error.message });
  }
});
process.on("disconnect", end);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
if (process.connected) say({ kind: "loaded" });
else end();
