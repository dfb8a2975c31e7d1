// What a run came to, as a table in Markdown, and as a list of what went wrong.

import { idOf } from "./history.mjs";
import { summary } from "./summary.mjs";

const KIND_NAMES = {
  "accept-send": "between accept and send",
  "send-answer": "between send and answer",
  "answer-mark": "between answer and mark",
  random: "at any moment",
};

const MOST_SHOWN = 25;

export function table(history, violations, { minutes, seed, took }) {
  const done = summary(history);
  const of = (check) => violations.filter((violation) => violation.check === check).length;
  const rows = [
    ["chaos, seed, all in all", `${minutes} min, ${seed}, ${took} s`],
    ["kills of the relay's process (SIGKILL)", `**${done.kills}**`],
    ...Object.entries(KIND_NAMES).map(([kind, name]) => [`– ${name}`, done.killsByKind[kind] ?? 0]),
    ["requests under way at a kill", done.killedUnderWay],
    ["time-outs; acknowledgements lost", `${done.timeOuts}; ${done.lostAcknowledgements}`],
    ["requests that the API failed on purpose", done.refusedByFault],
    ["a new start takes (median)", `${done.startMs} ms`],
    ["conversations", done.conversations],
    ["events accepted", `**${done.accepted}**`],
    ["– taken by the API", done.taken],
    ["– parked; of these sent again, and taken", `${done.parked}; ${done.replayed}`],
    ["– **lost**", `**${of("delivery")}**`],
    ["out of order", of("order")],
    ["two of a conversation under way at once", of("one in flight")],
    ["repeats by idempotency key, each recognized", done.repeats],
    ["taken once more, at most once for each cause", `${done.duplicates} ≤ ${done.bound}`],
    ...Object.entries(done.causes).map(([cause, count]) => [`– ${cause}`, count]),
    ["taken twice without a cause of its own", of("duplicates")],
    ["drained after the API was well, at most", `${seconds(done.drainMs)} s ≤ ${seconds(done.dueMs)} s`],
  ];
  return ["| | |", "|---|---:|", ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join("\n");
}

const seconds = (ms) => (ms === undefined ? "–" : (ms / 1_000).toFixed(1));

/** The violations, a line each, most of them at most. */
export function list(violations) {
  const shown = violations.slice(0, MOST_SHOWN).map(line);
  const more = violations.length - shown.length;
  return [...shown, ...(more > 0 ? [`… and ${more} more`] : [])].join("\n");
}

function line({ check, message, event, at }) {
  const who = event ? ` ${event.name} (${idOf(event) ?? "no id"})` : "";
  const when = at ? ` at ${new Date(at).toISOString()}` : "";
  return `${check}:${who}${when}: ${message}`;
}
