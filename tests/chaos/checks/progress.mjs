// A run in which nothing happens would pass everything else: so much has to happen at least.

import { KINDS } from "../killer.mjs";
import { summary } from "../summary.mjs";

const MIN_CONVERSATIONS = 50;
const PER_MINUTE = { kills: 10, ofEachKind: 1.5, accepted: 500, taken: 450 };

export function progress(history, { minutes }) {
  const done = summary(history);
  // A short run may be on a busy machine, and has less time to make up for that.
  const least = (rate) => Math.ceil(rate * minutes * (minutes < 5 ? 0.5 : 1));
  const wanted = [
    ["conversations", done.conversations, MIN_CONVERSATIONS],
    ["kills", done.kills, least(PER_MINUTE.kills)],
    ...Object.keys(KINDS).map((kind) => [
      `kills ${kind}`,
      done.killsByKind[kind] ?? 0,
      least(PER_MINUTE.ofEachKind),
    ]),
    ["events accepted", done.accepted, least(PER_MINUTE.accepted)],
    ["events taken by the API", done.taken, least(PER_MINUTE.taken)],
    ["events parked", done.parked, 1],
    ["parked events sent again", done.replayed, 1],
    // It takes a relay that lives on for as long as it waits: in a minute of kills there may be none.
    ["time-outs", done.timeOuts, minutes < 5 ? 0 : 1],
    ["acknowledgements lost", done.lostAcknowledgements, 1],
    ["repeats recognized", done.repeats, 1],
    ["events of the quiet phase", done.quiet, 1],
  ];
  return wanted
    .filter(([, count, minimum]) => count < minimum)
    .map(([what, count, minimum]) => ({
      check: "progress",
      message: `${what}: ${count}, at least ${minimum} needed`,
    }));
}
