// Judges the ledgers of a run. Knows no clock, no network, no process.

import { bytes } from "./checks/bytes.mjs";
import { delivery } from "./checks/delivery.mjs";
import { duplicates } from "./checks/duplicates.mjs";
import { idempotency } from "./checks/idempotency.mjs";
import { inFlight } from "./checks/in_flight.mjs";
import { order } from "./checks/order.mjs";
import { progress } from "./checks/progress.mjs";
import { quiet } from "./checks/quiet.mjs";
import { History } from "./history.mjs";

const CHECKS = [delivery, order, inFlight, duplicates, idempotency, bytes, quiet, progress];

/** What is wrong: each `{check, message, event?, at?}`. */
export function check(books, { minutes }) {
  const history = new History(books);
  return { history, violations: CHECKS.flatMap((one) => one(history, { minutes })) };
}
