// A run in numbers.

import { causesOf, extras } from "./checks/duplicates.mjs";
import { isDenied, isTaken } from "./history.mjs";

export function summary(history) {
  const { all, accepted, requests, kills, control } = history;
  const count = (list, test) => list.filter(test).length;
  const duplicated = all.filter((event) => extras(event) > 0);
  const ended = (...by) => count(requests, (request) => by.includes(request.ended?.by));
  const drains = control.filter(({ what, phase }) => what === "drained" && phase === "chaos");
  const healed = control.find(({ what, phase }) => what === "healed" && phase === "chaos");
  const starts = control.filter(({ what }) => what === "ready").map(({ ms }) => ms);
  return {
    conversations: new Set(accepted.map(({ conversation }) => conversation)).size,
    accepted: accepted.length,
    quiet: count(accepted, (event) => event.quiet),
    taken: count(accepted, ({ arrivals }) => arrivals.some(isTaken)),
    arrivals: history.arrivals.length,
    parked: count(accepted, ({ look, replay }) => replay || look?.document?.state === "parked"),
    replayed: count(accepted, ({ replay, arrivals }) => replay && arrivals.some(isTaken)),
    kills: kills.length,
    killsByKind: Object.fromEntries(
      Map.groupBy(kills, ({ kind }) => kind)
        .entries()
        .map(([kind, list]) => [kind, list.length]),
    ),
    killedUnderWay: ended("kill"),
    timeOuts: ended("left"),
    lostAcknowledgements: ended("cut", "broken") + count(history.arrivals, isDenied),
    refusedByFault: count(history.arrivals, ({ fault, status }) => fault && status >= 400),
    repeats: count(
      all.flatMap(({ sends }) => sends),
      ({ answer }) => answer?.replayed,
    ),
    duplicates: duplicated.reduce((sum, event) => sum + extras(event), 0),
    bound: all.reduce((sum, event) => sum + causesOf(event, history).length, 0),
    causes: tally(duplicated.flatMap((event) => causesOf(event, history))),
    drainMs: drains.at(-1)?.ms,
    dueMs: healed?.dueMs,
    startMs: starts.toSorted((a, b) => a - b)[Math.floor(starts.length / 2)],
  };
}

const tally = (names) =>
  Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, list]) => [name, list.length]));
