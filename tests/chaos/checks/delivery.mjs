// Nothing that was promised is lost: each event has been taken by the API, or is parked, and what it
// says of itself is what the ledgers say.

import { idOf, isPromise, isTaken } from "../history.mjs";

export function delivery(history) {
  return [
    ...history.accepted.flatMap((event) => ofEvent(event, history)),
    ...history.all.flatMap(unanswered),
    ...history.parked.flatMap((list) => listed(list, history)),
    ...history.control.flatMap(drained),
  ];
}

function ofEvent(event, history) {
  const violation = (message) => ({ check: "delivery", event, message });
  const document = event.look?.document;
  if (event.look?.status !== 200 || !document) {
    return [violation(`GET /events/{id} answered ${event.look?.status ?? "nothing"}`)];
  }
  const taken = event.arrivals.some(isTaken);
  const found = [];
  if (document.state === "delivered" && !taken)
    found.push("lost: it says delivered, and the API never took it");
  if (document.state === "parked" && !event.arrivals.some(isRefused)) {
    found.push("parked, and the API never refused it");
  }
  if (document.state === "pending" || document.state === "sending") {
    found.push(
      `still ${document.state} when everything was due${taken ? "" : ", and the API never took it"}`,
    );
  }
  if (!["delivered", "parked", "pending", "sending"].includes(document.state)) {
    found.push(`unknown state ${document.state}`);
  }
  return [
    ...found,
    ...untrue(event, document, history.kills.length),
    ...replayed(event, document, history),
  ].map(violation);
}

const isRefused = ({ status }) => status === 400;

/** What its own words have wrong. */
function untrue(event, document, kills) {
  const found = [];
  if (document.id !== idOf(event)) found.push(`it calls itself ${document.id}`);
  if (document.platformConversationId !== event.conversation) {
    found.push(`it says it is of ${document.platformConversationId}`);
  }
  // A try is on the disk before it is on the wire, and may die in between.
  const requests = event.requests.length;
  if (!(document.tries >= requests && document.tries <= requests + kills)) {
    found.push(`it counts ${document.tries} tries, and the wire saw ${requests} requests`);
  }
  const [first] = event.sends;
  if (document.acceptedMs < first.at - CLOCK_MS) found.push("it says it was accepted before it was sent");
  if (document.deliveredMs < event.arrivals[0]?.arrivedAt - CLOCK_MS) {
    found.push("it says it was delivered before it arrived");
  }
  return found;
}

/** The runtime's clock stands still between two inputs. */
const CLOCK_MS = 1_000;

function replayed(event, document, history) {
  if (!event.replay) return [];
  const { status, t, at } = event.replay;
  if (!isPromise({ status })) return [`sending it again was answered with ${status}`];
  if (document.state !== "delivered") return [`it was to be sent again, and is ${document.state}`];
  const again = event.arrivals.some((arrival) => isTaken(arrival) && arrival.arrivedAt >= at - 50);
  return again || history.requests.length === 0
    ? []
    : [`it was to be sent again (${t}), and never arrived after that`];
}

/** A caller that asked again and again, and was never answered. */
function unanswered(event) {
  const byKey = event.sends.filter(({ key, probe }) => key && !probe);
  if (byKey.length === 0 || byKey.some(({ answer }) => answer && isPromise(answer))) return [];
  const last = byKey.at(-1).answer;
  const message = `never accepted: the last answer was ${last?.status ?? last?.error} ${last?.code ?? ""}`;
  return [{ check: "delivery", event, message }];
}

/** The list of parked events is the list of those that say so, and of none twice. */
function listed({ phase, when, ids, total }, history) {
  const violation = (message) => ({
    check: "delivery",
    message: `GET /parked (${phase}, ${when}): ${message}`,
  });
  const found = [];
  if (total !== ids.length) found.push(violation(`${ids.length} listed of a total of ${total}`));
  if (new Set(ids).size !== ids.length) found.push(violation("an event is listed twice"));
  const listed = new Set(ids);
  for (const event of history.accepted) {
    if (event.quiet !== (phase === "quiet") || !event.look?.document) continue;
    const parked =
      event.look.document.state === "parked" || (when === "drained" && event.replay !== undefined);
    if (parked && !listed.has(idOf(event))) {
      found.push({ ...violation("it is parked, and not listed"), event });
    }
    if (!parked && listed.has(idOf(event)))
      found.push({ ...violation("it is listed, and not parked"), event });
  }
  return found;
}

function drained({ what, phase, left, ms }) {
  if (what !== "drained" || left === 0) return [];
  return [
    {
      check: "delivery",
      message: `${phase}: ${left} events still waited after ${ms} ms, past their due time`,
    },
  ];
}
