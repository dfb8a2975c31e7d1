// The API's bad days: now and then a fault for some of the next requests, as the dice choose.

import { setTimeout as sleep } from "node:timers/promises";

/** How long the relay waits for the API in a chaos run; a fault is slow or quick in view of it. */
export const API_TIMEOUT_MS = 2_000;

export const MAX_RETRY_AFTER_S = 2;

const PAUSE_MS = { low: 300, high: 1_700 };

// A weight, and the fault.
const FAULTS = {
  failing: [30, (dice) => ({ kind: "status", status: dice.pick([500, 502, 503]) })],
  limiting: [15, (dice) => ({ kind: "status", status: 429, retryAfter: dice.whole(1, MAX_RETRY_AFTER_S) })],
  refusing: [12, () => ({ kind: "status", status: 400 })],
  slow: [20, (dice) => ({ kind: "latency", ms: dice.whole(50, API_TIMEOUT_MS - 500) })],
  tooSlow: [10, (dice) => ({ kind: "latency", ms: API_TIMEOUT_MS + dice.whole(100, 600) })],
  // The API has the event, and whoever asks is told otherwise, or nothing.
  forgetful: [10, (dice) => ({ kind: "ack-lost", ...dice.pick([{}, { status: 502 }, { status: 504 }]) })],
  dropping: [6, () => ({ kind: "drop" })],
  silent: [18, () => ({ kind: "no-answer" })],
};

const WEIGHTS = Object.fromEntries(Object.entries(FAULTS).map(([name, [weight]]) => [name, weight]));

/** Makes the API flap until told to stop, then heals it. `conversations`: those to aim at. */
export async function flap({ dice, emulator, ledger, conversations, signal }) {
  while (!signal.aborted) {
    const name = dice.weighted(WEIGHTS);
    const fault = FAULTS[name][1](dice);
    // A refusal parks an event for good: one at a time. The rest may also meet whoever comes next.
    const everyone = name !== "refusing" && dice.chance(0.25);
    const order = everyone
      ? { fault, times: dice.whole(1, 6) }
      : {
          fault,
          times: name === "refusing" ? 1 : dice.whole(1, 2),
          conversation: dice.pick(conversations()),
        };
    ledger.write("control", { what: "fault", ...order });
    await emulator.addFault(order);
    await sleep(dice.between(PAUSE_MS.low, PAUSE_MS.high));
  }
  await emulator.clearFaults();
}
