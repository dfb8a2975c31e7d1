// Within a conversation events reach the API in the order in which they were accepted, and that order
// agrees with what callers saw: what was answered before the next was sent comes before it.

import { place } from "../history.mjs";

export function order(history) {
  return [...history.conversations.values()].flatMap((events) => [
    ...arrivals(events),
    ...acceptance(events),
  ]);
}

/** Arrivals never go back, except those of an event that was parked and is sent again. */
function arrivals(events) {
  const found = [];
  const all = events
    .filter((event) => Number.isFinite(place(event)))
    .flatMap((event) =>
      event.arrivals.filter((arrival) => !isReplay(event, arrival)).map((arrival) => ({ event, arrival })),
    )
    .sort((a, b) => a.arrival.seq - b.arrival.seq);
  let newest;
  for (const { event, arrival } of all) {
    if (newest && place(event) < place(newest)) {
      const message = `out of order: arrival ${arrival.seq} came after ${newest.name}, which was accepted later`;
      found.push({ check: "order", event, at: arrival.arrivedAt, message });
    } else newest = event;
  }
  return found;
}

const isReplay = ({ replay }, { arrivedAt }) => replay !== undefined && arrivedAt >= replay.at - 50;

/** Who was answered before another was sent, was accepted before it. */
function acceptance(events) {
  const found = [];
  const promised = events
    .filter((event) => Number.isFinite(place(event)))
    .map((event) => ({ event, sent: event.sends[0].t, answered: firstAnswer(event) }));
  const bySend = promised.toSorted((a, b) => a.sent - b.sent);
  const byAnswer = promised.toSorted((a, b) => a.answered - b.answered);
  let answered = 0;
  let last;
  for (const { event, sent } of bySend) {
    for (; byAnswer[answered]?.answered < sent; answered += 1) {
      const before = byAnswer[answered].event;
      if (!last || place(before) > place(last)) last = before;
    }
    if (last && place(event) <= place(last)) {
      const message = `accepted as ${place(event)}, but ${last.name}, answered before it was sent, as ${place(last)}`;
      found.push({ check: "order", event, message });
    }
  }
  return found;
}

function firstAnswer({ sends }) {
  const answers = sends.map(({ answer }) => answer).filter((answer) => answer?.id);
  return Math.min(...answers.map(({ t }) => t));
}
