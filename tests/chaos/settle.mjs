// After a phase: what still waits must drain within its due time, and each event must say of itself
// what became of it. Some of the parked ones are then sent again.

import { setTimeout as sleep } from "node:timers/promises";
import { drainsWithinMs } from "./schedule.mjs";

const LOOK_EVERY_MS = 300;
/** The list is told by the conversations, and again after half a minute where it did not hear. */
const LISTED_WITHIN_MS = 35_000;
const AT_ONCE = 24;
const REPLAYED = 0.5;

const isSettled = ({ document }) => document?.state === "delivered" || document?.state === "parked";

export async function settle({ cluster, ledger, dice, phase, say = () => {} }) {
  const { relay } = cluster;
  const ids = acceptedIds(ledger.books.clients, phase);
  const from = Date.now();
  let looks = await lookAt(relay, ids);
  let waiting = looks.filter((look) => !isSettled(look));
  const dueMs = drainsWithinMs(waiting.map(({ document }) => document ?? {}));
  say(`healed: ${waiting.length} of ${ids.length} events wait; they must be gone within ${seconds(dueMs)} s`);
  ledger.write("control", { what: "healed", phase, waiting: waiting.length, dueMs });
  const known = new Map(looks.map((look) => [look.id, look]));
  while (waiting.length > 0 && Date.now() < from + dueMs) {
    await sleep(LOOK_EVERY_MS);
    looks = await lookAt(
      relay,
      waiting.map(({ id }) => id),
    );
    for (const look of looks) known.set(look.id, look);
    waiting = looks.filter((look) => !isSettled(look));
  }
  ledger.write("control", { what: "drained", phase, ms: Date.now() - from, left: waiting.length });
  const list = (when) => listParked({ relay, ledger, phase, when, looks: [...known.values()] });
  await list("drained");
  const parked = [...known.values()].filter(({ document }) => document?.state === "parked");
  const again = await replaySome({ relay, ledger, dice, phase, parked });
  for (const look of await lookAt(relay, again)) known.set(look.id, { ...look, replayed: true });
  await list("final");
  for (const look of known.values()) ledger.write("states", { what: "state", phase, ...look });
}

/** The ids that callers of this phase were given. */
function acceptedIds(records, phase) {
  const quiet = ({ conversation }) => conversation.startsWith("quiet-");
  const ofPhase = records.filter((record) => record.id && quiet(record) === (phase === "quiet"));
  return [...new Set(ofPhase.map(({ id }) => id))];
}

/** What each of these events says of itself. */
async function lookAt(relay, ids) {
  const looks = [];
  const left = [...ids];
  const look = async () => {
    for (let id; (id = left.pop()) !== undefined;) {
      const { status, document } = await relay.state(id);
      looks.push({ id, status, document });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, look));
  return looks;
}

/** Looks at the list until it is what the events say, or that is overdue. */
async function listParked({ relay, ledger, phase, when, looks }) {
  const parked = looks.filter(({ document }) => document?.state === "parked").map(({ id }) => id);
  const from = Date.now();
  for (;;) {
    const { all, total } = await relay.parked();
    const ids = all.map(({ id }) => id);
    const ms = Date.now() - from;
    if (new Set(parked).symmetricDifference(new Set(ids)).size === 0 || ms > LISTED_WITHIN_MS) {
      ledger.write("states", { what: "parked", phase, when, ids, total, ms });
      return;
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** Sends some of the parked events again, and waits until they have arrived. */
async function replaySome({ relay, ledger, dice, phase, parked }) {
  const chosen = parked.map(({ id }) => id).filter((_, index) => index === 0 || dice.chance(REPLAYED));
  for (const id of chosen) {
    const { status, code } = await relay.replay(id);
    ledger.write("control", { what: "replay", phase, id, status, code });
  }
  const from = Date.now();
  const dueMs = drainsWithinMs(chosen.map(() => ({})));
  for (let waiting = chosen; waiting.length > 0 && Date.now() < from + dueMs;) {
    await sleep(LOOK_EVERY_MS);
    const looks = await lookAt(relay, waiting);
    waiting = looks.filter(({ document }) => document?.state !== "delivered").map(({ id }) => id);
  }
  return chosen;
}

const seconds = (ms) => (ms / 1_000).toFixed(0);
