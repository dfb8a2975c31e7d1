// The API takes an event twice only where the relay could not know that it had taken it: each time
// more has a cause of its own, in that very event's requests.

import { API_TIMEOUT_MS } from "../flaps.mjs";
import { isDenied, isTaken } from "../history.mjs";

/** How long after an answer's bytes were given to the relay a kill may still have come before its mark. */
const MARKED_WITHIN_MS = 1_000;

/** How much of a request's time may have passed before we got to see it, on a busy machine. */
const UNSEEN_MS = 600;

const LOST = "acknowledgement lost";
const TIMED_OUT = "timed out";

export function duplicates(history) {
  return history.all.flatMap((event) => {
    const extra = extras(event);
    if (extra === 0) return [];
    const causes = causesOf(event, history);
    const violation = (message) => ({
      check: "duplicates",
      event,
      at: event.arrivals.at(-1).arrivedAt,
      message,
    });
    if (event.quiet) return [violation("taken more than once, with no kill and no fault anywhere")];
    if (extra <= causes.length) return [];
    return [
      violation(`taken ${extra + 1} times, and only ${causes.length} causes: ${causes.join(", ") || "none"}`),
    ];
  });
}

/** How often more than once the API took it. */
export const extras = ({ arrivals }) => Math.max(0, arrivals.filter(isTaken).length - 1);

/** Why the relay could not know: for each request but the last, where there is a reason. */
export function causesOf(event, history) {
  let denied = event.arrivals.filter(isDenied).length;
  const before = event.requests.slice(0, -1);
  return before.map((request) => causeOf(event, request, history) ?? denial(request)).filter(Boolean);

  function denial({ ended, answered }) {
    if (ended?.by !== "answer" || !(answered?.status >= 400) || denied === 0) return undefined;
    denied -= 1;
    return LOST;
  }
}

function causeOf(event, request, history) {
  if (!request.passed) return undefined;
  switch (request.ended?.by) {
    case "kill":
      return "killed while under way";
    case "left":
      return TIMED_OUT;
    case "cut":
    case "broken":
      return LOST;
    default:
      if (killedBeforeMark(event, request, history)) return "killed before it was marked";
      return cameTooLate(event, request) ? TIMED_OUT : undefined;
  }
}

/** Whether the relay may have given it up just before the answer was given to it. */
function cameTooLate({ sends, requests }, { at, ended }) {
  if (!ended || ended.at - at < API_TIMEOUT_MS - UNSEEN_MS) return false;
  // That its caller was told before the next request shows that it was not.
  const next = requests.find(({ t }) => t > ended.t);
  return !sends.some(({ answer }) => answer?.status === 200 && answer.t > ended.t && answer.t < next?.t);
}

/** Whether the relay was killed so soon after this answer that it may not have written it down. */
function killedBeforeMark({ sends }, { conversation, ended, answered }, history) {
  if (!ended || answered?.status !== 200) return false;
  const kill = history.kills.find(({ t }) => t > ended.t);
  if (!kill || kill.at - ended.at > MARKED_WITHIN_MS) return false;
  // That the conversation went on, or its caller was told, shows that it was written down.
  const before = ({ t }) => t > ended.t && t < kill.t;
  const told = sends.some(({ answer }) => answer?.status === 200 && before(answer));
  return !told && !history.requestsOf(conversation).some(before);
}
