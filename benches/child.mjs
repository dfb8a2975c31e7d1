// Work in a process of its own: its memory and its CPU time are nobody else's.

import { fork } from "node:child_process";

/** Starts a module that calls `serve`; `ask` has it do a job, one after the other. */
export function startChild(file) {
  const child = fork(file, { serialization: "advanced" });
  const ask = (job, rest = {}) =>
    new Promise((resolve, reject) => {
      const gone = () => reject(new Error(`${file} has ended`));
      child.once("exit", gone);
      child.once("message", ({ result, failed }) => {
        child.off("exit", gone);
        if (failed) reject(new Error(failed));
        else resolve(result);
      });
      child.send({ job, ...rest });
    });
  return { pid: child.pid, ask, end: () => child.connected && child.disconnect() };
}

/** In such a module: what it does, by the names of its jobs. It ends with who started it. */
export function serve(jobs) {
  process.on("message", async ({ job, ...rest }) => {
    const answer = await Promise.resolve(rest)
      .then(jobs[job])
      .then((result) => ({ result }))
      .catch((error) => ({ failed: error.message }));
    process.send(answer);
  });
  process.on("disconnect", () => process.exit());
}
