// A process of its own for one Worker, so that it can be killed:
//
// It loads what it needs, says "loaded", and waits. Told what to start, it starts that, and says
// where it is and which process is the runtime's. So a successor can stand by, loaded, while the
// predecessor still runs. It ends with whoever started it.

import { startWorker } from "../../scripts/local.mjs";
import { childrenOf } from "../../scripts/process-table.mjs";

/** Where nobody hears it any more, it is over. */
const say = (message) => process.send(message, (error) => error && end());

function end() {
  for (const { pid } of childrenOf(process.pid)) {
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
    say({ kind: "started", url, runtime: childrenOf(process.pid).map(({ pid }) => pid) });
  } catch (error) {
    say({ kind: "failed", message: error.message });
  }
});
process.on("disconnect", end);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
if (process.connected) say({ kind: "loaded" });
else end();
