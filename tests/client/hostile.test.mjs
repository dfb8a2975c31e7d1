// Whatever somebody gives to the check, it answers: no value makes it throw, hang, or touch what it was given.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { shapesIn } from "./shapes.mjs";
import { ENDLESS, Strange } from "./strange.mjs";

const SEED = Number(process.env.SEED ?? 20261123);
const VALUES = 10_000;
/** In shapes that differ from the first by their core alone. */
const FEWER_VALUES = 1_000;
/** Several times what the slowest takes, since other work runs beside. */
const WITHIN_MS = 10_000;
/** How much of a value is looked at for changes. */
const MAX_PARTS = 300;

const [first, ...others] = await shapesIn();

for (const [[file, shape], count] of [[first, VALUES], ...others.map((shape) => [shape, FEWER_VALUES])]) {
  const { ticketEvent } = shape;
  describe(file, () => {
    test(`${count} values from seed ${SEED}`, (t) => {
      const seen = { value: 0, issues: 0 };
      const prototype = fingerprint();
      for (let at = 0; at < count; at += 1) {
        const strange = new Strange(SEED + at);
        const value = at % 2 ? strange.event() : strange.any();
        const where = `SEED=${SEED + at}`;
        seen[judge(ticketEvent, value, where)] += 1;
        assert.ok(strange.mostReads() <= 1, `${where}: a getter was called ${strange.mostReads()} times`);
        assert.deepEqual(fingerprint(), prototype, where);
      }
      t.diagnostic(`${seen.value} of them can be sent`);
      assert.ok(seen.value > count / 50 && seen.issues > count / 50, JSON.stringify(seen));
    });

    test("through its other doors", () => {
      const prototype = fingerprint();
      for (let at = 0; at < FEWER_VALUES; at += 1) knock(shape, () => new Strange(SEED + at).any());
      assert.deepEqual(fingerprint(), prototype);
    });

    for (const [name, make] of Object.entries(ENDLESS)) {
      test(name, () => {
        const value = make();
        assert.equal(inTime(ticketEvent, value, name).value, undefined);
        for (const member of ["text", "metaData", "other"]) {
          inTime(ticketEvent, { platformConversationId: "c", [member]: value }, `${name} as ${member}`);
        }
      });
    }
  });
}

/** Checks a value, and what is said of it: whether that is a value or issues. */
function judge(ticketEvent, value, where) {
  const before = parts(value);
  const checked = inTime(ticketEvent, value, where);
  assertSame(before, parts(value), where);
  const { value: taken, issues, warnings } = checked;
  assert.ok(Array.isArray(warnings), where);
  if (taken === undefined) {
    assert.ok(issues.length > 0, where);
    for (const { code, pointer, message } of issues) {
      assert.match(code, /^[a-z0-9-]+$/, where);
      assert.ok(typeof pointer === "string" && message.length > 0, where);
    }
    return "issues";
  }
  assert.ok(!("issues" in checked), where);
  assert.equal(typeof taken.platformConversationId, "string", where);
  // What may be sent is plain, and stays what it is.
  assert.deepEqual(ticketEvent.check(taken), checked, where);
  assert.deepEqual(ticketEvent.checkJson(JSON.stringify(taken)), checked, where);
  return "value";
}

/** Gives a value wherever one can be given: what is thrown says what is wrong, and it is not the core. */
function knock({ ticketEvent, reply, TicketwireError }, make) {
  const doors = [
    () => ticketEvent.parse(make()),
    () => ticketEvent.checkJson(make()),
    () => ticketEvent["~standard"].validate(make()),
    () => reply.check(make()),
    () => reply.parse(make()),
    () => ticketEvent.build(make()).text(make()).platform(make()).build(),
    () => ticketEvent.build("c").variable(make(), make()).personal(make(), make()).build(),
  ];
  for (const door of doors) {
    try {
      door();
    } catch (error) {
      assert.ok(error instanceof TicketwireError, `${door}: ${error?.stack}`);
      assert.match(error.code, /^invalid-(event|reply|options)$/, error.stack);
    }
  }
}

/** What is said of a value, soon. */
function inTime(ticketEvent, value, where) {
  const start = performance.now();
  const checked = ticketEvent.check(value);
  const tookMs = performance.now() - start;
  assert.ok(tookMs < WITHIN_MS, `${where}: took ${tookMs} ms`);
  return checked;
}

/** What stands where everybody would see it. */
const fingerprint = () =>
  [Object, Array, String, Function].map(({ prototype }) => Reflect.ownKeys(prototype).map(String).join());

/** All that a value consists of, as it stands there: no getter is called. */
function parts(value) {
  const found = new Map();
  const open = [value];
  while (open.length > 0 && found.size < MAX_PARTS) {
    const one = open.pop();
    if ((typeof one !== "object" && typeof one !== "function") || one === null || found.has(one)) continue;
    // Its getters load what the platform has not needed before, whoever calls them.
    if (one === globalThis) continue;
    try {
      const members = Object.getOwnPropertyDescriptors(one);
      found.set(one, [Object.getPrototypeOf(one), Object.isExtensible(one), members]);
      open.push(
        ...Object.values(members)
          .slice(0, 20)
          .map((member) => member.value),
      );
    } catch {
      // A proxy that does not want to be looked at.
      found.set(one, []);
    }
  }
  return found;
}

/** Neither more nor less than was there before, and the very same. */
function assertSame(before, after, where) {
  assert.equal(after.size, before.size, where);
  for (const [one, [prototype, isExtensible, members = {}]] of before) {
    const [samePrototype, sameExtensible, sameMembers = {}] = after.get(one) ?? [];
    assert.ok(samePrototype === prototype && sameExtensible === isExtensible, where);
    const names = Reflect.ownKeys(members);
    assert.deepEqual(Reflect.ownKeys(sameMembers), names, where);
    for (const name of names) {
      for (const part of ["value", "get", "set", "enumerable", "writable", "configurable"]) {
        assert.ok(Object.is(members[name][part], sameMembers[name][part]), `${where}: ${String(name)}`);
      }
    }
  }
}
