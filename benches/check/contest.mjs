// The contest itself: runs as one script in Node and in a browser. Each validator is tried before it is
// measured, and they take turns, so that whatever else the machine does meets all of them.

import { ticketEvent } from "ticketwire";
import { check as ajv } from "./peers/ajv.mjs";
import { check as arktype } from "./peers/arktype.mjs";
import { check as classValidator } from "./peers/class-validator.ts";
import { check as typebox } from "./peers/typebox.mjs";
import { check as valibot } from "./peers/valibot.mjs";
import { check as zod } from "./peers/zod.mjs";

const PEERS = { ajv, typebox, arktype, valibot, zod, "class-validator": classValidator };
const SAMPLE_MS = 20;
const WARM_UP_MS = 300;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** A validator's way from bytes to bytes, or to the list of issues. */
const throughJson = (check) => (bytes) => {
  const { value, issues } = check(JSON.parse(decoder.decode(bytes)));
  return issues ? { issues } : { value: encoder.encode(JSON.stringify(value)) };
};

/**
 * The same, but what comes out is what came in. That is less: JSON.parse forgets a name that stands twice, and who
 * reads the bytes may take the other one.
 */
const asTheyCame = (check) => (bytes) => {
  const { issues } = check(JSON.parse(decoder.decode(bytes)));
  return issues ? { issues } : { value: bytes };
};

/** What is measured, by its name: what goes in, and everybody's way. */
const JOBS = {
  "bytes to bytes": {
    input: (json) => encoder.encode(json),
    ways: { ticketwire: ticketEvent.checkBytes, ...mapped(PEERS, throughJson) },
  },
  "bytes as they came": {
    input: (json) => encoder.encode(json),
    ways: { ticketwire: ticketEvent.checkBytes, ...mapped(PEERS, asTheyCame) },
  },
  "object to object": {
    input: (json) => JSON.parse(json),
    ways: { ticketwire: ticketEvent.check, ...PEERS },
  },
};

/** Measures everybody at every job with every body: for each, the nanoseconds of each round by name. */
export function contest(bodies, rounds) {
  return Object.entries(JOBS).flatMap(([job, { input, ways }]) =>
    Object.entries(bodies).map(([body, { json, faults }]) => {
      const found = mapped(ways, (check, name) => tried(check(input(json)), faults, json, `${name}, ${job}`));
      return { job, body, found, times: measured(ways, input(json), rounds) };
    }),
  );
}

/** How many issues were found, by some in more parts; fails where what was answered is wrong. */
function tried({ value, issues = [] }, faults, json, where) {
  const count = [...issues].length;
  if (faults === 0 ? count > 0 : value !== undefined || count < faults) {
    throw new Error(`${where}: ${count} issues, of ${faults} faults`);
  }
  if (faults === 0 && said(value) !== json) throw new Error(`${where}: answered another event`);
  return count;
}

const said = (value) => (value instanceof Uint8Array ? decoder.decode(value) : JSON.stringify(value));

function measured(ways, input, rounds) {
  const batches = mapped(ways, (check) => batchOf(check, input));
  const times = mapped(ways, () => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, check] of Object.entries(ways)) times[name].push(timeOf(check, input, batches[name]));
  }
  return times;
}

/** How many checks fill a sample, of a check that is warm by then. */
function batchOf(check, input) {
  let batch = 1;
  const end = performance.now() + WARM_UP_MS;
  while (performance.now() < end) {
    const isShort = timeOf(check, input, batch) * batch < SAMPLE_MS * 1e6;
    if (isShort) batch = Math.ceil(batch * 1.5);
  }
  return batch;
}

/** What one check takes, in nanoseconds. */
function timeOf(check, input, batch) {
  const start = performance.now();
  for (let count = 0; count < batch; count += 1) kept = check(input);
  return ((performance.now() - start) * 1e6) / batch;
}

/** So that no compiler leaves out what nobody looks at. */
let kept;
export const last = () => kept;

// A page finds it there.
globalThis.contest = contest;

function mapped(entries, change) {
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, change(entry, name)]));
}
