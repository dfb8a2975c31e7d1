// When an event is due again: the relay's schedule, written down a second time, so that a run can tell
// "late" from "not yet".

import { API_TIMEOUT_MS, MAX_RETRY_AFTER_S } from "./flaps.mjs";

/** What the relay waits after so many failed tries, in seconds. */
const AFTER_FAILURES_S = [0, 1, 5, 15, 60, 300, 1_800, 7_200];
const JITTER = 0.2;

/** For all that is not waiting: turns of alarms, a slow machine. */
const SLACK_MS = 10_000;
/** What one event costs that waits behind others; the API is well by then. */
const PER_EVENT_MS = 25;

/** The longest wait after so many failed tries. */
export function longestWaitMs(failures) {
  const seconds = AFTER_FAILURES_S[Math.min(failures, AFTER_FAILURES_S.length - 1)];
  return Math.max(seconds, MAX_RETRY_AFTER_S) * 1_000 * (1 + JITTER);
}

/**
 * How long it may take until nothing waits any more, once the API is well and nothing is killed: a try
 * under way may still fail of the last fault, and then waits as the schedule says; after that every try
 * succeeds.
 */
export function drainsWithinMs(waiting) {
  const failures = waiting.map(({ state, tries = 0 }) => tries + (state === "sending" ? 1 : 0));
  return API_TIMEOUT_MS + longestWaitMs(Math.max(0, ...failures)) + PER_EVENT_MS * waiting.length + SLACK_MS;
}
