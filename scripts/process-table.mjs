// What the system knows of the processes that run on this machine.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** In which Linux counts CPU time. */
const TICKS_PER_SECOND = 100;

/** The processes that a process has started, the newest last: number, program, resident memory in MB. */
export function childrenOf(parent) {
  return table("pid=,ppid=,rss=,comm=")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [])
    .filter(([, , ppid, , program]) => Number(ppid) === parent && !/(^|\/)ps$/.test(program))
    .map(([, pid, , kilobytes, program]) => ({ pid: Number(pid), program, megabytes: kilobytes / 1000 }))
    .sort((a, b) => a.pid - b.pid);
}

/** How much CPU time a process has used since it began, in seconds. */
export function cpuSeconds(pid) {
  const stat = `/proc/${pid}/stat`;
  // On Linux, ps counts whole seconds only.
  return existsSync(stat) ? ticks(readFileSync(stat, "utf8")) / TICKS_PER_SECOND : printedSeconds(pid);
}

/** User's and system's, behind the program's name, which may hold anything. */
function ticks(stat) {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

function printedSeconds(pid) {
  const [line] = table("time=", ["-p", String(pid)]);
  return line.split(/[-:]/).reduce((sum, part) => sum * 60 + Number(part), 0);
}

function table(columns, which = ["-A"]) {
  return execFileSync("ps", [...which, "-o", columns], { encoding: "utf8" }).split("\n");
}
