// Values that nobody should give, and somebody will: made at random, from a seed.

import { runInNewContext } from "node:vm";
import { dice } from "./dice.mjs";

const NAMES = ["platformConversationId", "text", "platform", "metaData", "key", "value", "sanitize"];
const NASTY = [
  "__proto__",
  "constructor",
  "prototype",
  "toJSON",
  "hasOwnProperty",
  "length",
  "",
  "a/b~c",
  "\ud800",
];
const MAX_DEPTH = 4;

/** What is thrown here and there, and is no error. */
export class Thrown {}

/** Makes values. */
export class Strange {
  #dice;
  #counts = [];

  constructor(seed) {
    this.#dice = dice(seed);
  }

  /** How often that getter was called which was called most, of all that were made. */
  mostReads = () => Math.max(0, ...this.#counts.map((count) => count()));

  /** Any value. */
  any(depth = 0) {
    const { pick, roll } = this.#dice;
    const makers = depth >= MAX_DEPTH || roll() < 0.4 ? PLAIN : [...PLAIN, ...NESTED];
    return pick(makers)(this, depth);
  }

  /** Something with the shape of an event, some of whose parts are anything. */
  event() {
    const event = {};
    for (const name of NAMES.slice(0, 4)) this.#member(event, name, this.#likely(name));
    if (this.#dice.roll() < 0.2) this.#member(event, this.name(), this.any(2));
    return event;
  }

  #likely(name) {
    const { roll } = this.#dice;
    if (roll() < 0.3) return this.any(1);
    if (name !== "metaData") return name === "platform" ? "PUBLIC_API" : "words";
    return Array.from({ length: this.#dice.below(4) }, () => this.variable());
  }

  variable() {
    const variable = {};
    for (const name of NAMES.slice(4, 6)) {
      this.#member(variable, name, this.#dice.roll() < 0.2 ? this.any(2) : "v");
    }
    return variable;
  }

  name = () => this.#dice.pick([...NAMES, ...NASTY, `m${this.#dice.below(100)}`]);
  below = (count) => this.#dice.below(count);

  /** A member: as it is, hidden behind a getter, or one that throws. */
  #member(target, name, value) {
    const kind = this.#dice.roll();
    if (kind < 0.8) return define(target, name, { value, writable: true });
    let reads = 0;
    this.#counts.push(() => reads);
    const get = () => {
      reads += 1;
      if (kind > 0.95) throw this.#dice.pick([new Thrown(), new RangeError("no"), undefined, 1]);
      return value;
    };
    define(target, name, { get });
  }

  /** An object with some members. */
  fill(target, depth) {
    for (let left = this.below(5); left > 0; left -= 1)
      this.#member(target, this.name(), this.any(depth + 1));
    return target;
  }

  list = (depth) => Array.from({ length: this.below(5) }, () => this.any(depth + 1));
}

const define = (target, name, what) =>
  Object.defineProperty(target, name, { ...what, enumerable: true, configurable: true });

/** What holds nothing else. */
const PLAIN = [
  () => undefined,
  () => null,
  () => true,
  ({ below }) => below(2 ** 31) - 2 ** 30,
  () => NaN,
  () => -Infinity,
  () => -0,
  () => 1e-320,
  ({ below }) => 10n ** BigInt(below(50)),
  () => Symbol("s"),
  () => Symbol.iterator,
  () => () => 1,
  () => class {},
  () => async () => {},
  () => "words",
  () => "\ud83d",
  () => "a\udc00b\ud800",
  () => '\0\u2028"\\',
  () => "case-1",
  () => new Date(NaN),
  () => new Date(0),
  () => /x/g,
  () => new Uint8Array(9),
  () => new BigInt64Array(2),
  () => new DataView(new ArrayBuffer(4)),
  () => new SharedArrayBuffer(2),
  () => new WeakMap(),
  () => new WeakRef({}),
  () => Promise.resolve(1),
  () => new Error("words"),
  () => new String("text"),
  () => Object(Symbol("s")),
  () => Object(1n),
  () => globalThis,
  () => Math,
  () => Reflect,
  () => new URL("https://example.com/"),
  () => new Response("x"),
  () => new AbortController().signal,
  () => runInNewContext("[1, { a: 1 }]"),
  () => runInNewContext("({ platformConversationId: 'c', metaData: [{ key: 'k', value: 'v' }] })"),
  () => runInNewContext("new Map([[1, 2]])"),
  () => runInNewContext("Object.create(null)"),
  () => revoked({}),
  () => revoked([]),
  () => revoked(() => {}),
  () => throwing({}),
  () => throwing([]),
  () => proxyOf({}, { ownKeys: () => ["a", "a"] }),
  () => proxyOf({ a: 1 }, { getOwnPropertyDescriptor: () => undefined }),
  () => ({ toJSON: () => ({ platformConversationId: "c" }) }),
  () => ({ toString: null, valueOf: null }),
  () => ({
    [Symbol.toPrimitive]: () => {
      throw new Thrown();
    },
  }),
  () => ({
    get [Symbol.toStringTag]() {
      throw new Thrown();
    },
  }),
  () => JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  () => [, , 1, ,],
  () => Object.assign([1], { platformConversationId: "c" }),
  () => Object.freeze({ platformConversationId: "c" }),
  () => Object.seal(["a"]),
  (function () {
    return () => arguments;
  })(1, 2),
  () => cyclic(),
  () => deep(10_000),
];

/** What has no end, or one that is far away. */
export const ENDLESS = {
  "a list of four thousand million": () => new Array(2 ** 32 - 1),
  "a list that is longer than it can be": () =>
    new Proxy([], { get: (_, name) => (name === "length" ? 2 ** 53 : 1) }),
  "a list whose length grows": () => {
    let length = 0;
    return new Proxy([], { get: (_, name) => (name === "length" ? (length += 1) : 1) });
  },
  "a long text": () => "x".repeat(100_000_000),
  "many long texts": () => new Array(1_000).fill("x".repeat(100_000)),
  "a long name": () => ({ ["x".repeat(50_000_000)]: 1 }),
  "many names": () => Object.fromEntries(Array.from({ length: 300_000 }, (_, at) => [`m${at}`, 1])),
  "a large number, in a text": () => `${10n ** 100_000n}`,
  "wide cycles": () => widelyCyclic(),
  "wide cycles of what is not there": () => cyclicNothing(),
  "one object, over and over, of what is not there": () =>
    new Array(500_000).fill(Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [at, undefined]))),
  "ever new objects": () => endless({}),
  "ever new lists": () => endless([1, 2]),
  "very deep": () => deep(1_000_000),
};

/** What holds values. */
const NESTED = [
  (strange, depth) => strange.fill({}, depth),
  (strange, depth) => strange.fill(Object.create(null), depth),
  (strange, depth) => strange.fill(new (class Ticket {})(), depth),
  (strange, depth) => strange.fill(Object.create({ text: "inherited" }), depth),
  (strange, depth) => strange.fill(() => {}, depth),
  (strange, depth) => Object.freeze(strange.fill({}, depth)),
  (strange, depth) => new Map([[strange.any(depth + 1), strange.any(depth + 1)]]),
  (strange, depth) => new Set(strange.list(depth)),
  (strange, depth) => strange.list(depth),
  (strange, depth) => Object.freeze(strange.list(depth)),
  (strange, depth) => new Proxy(strange.fill({}, depth), {}),
  (strange) => strange.event(),
  (strange) => [strange.variable()],
];

const proxyOf = (target, traps) => new Proxy(target, traps);

function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** A proxy each of whose traps throws. */
function throwing(target) {
  const traps = new Proxy(
    {},
    {
      get: () => () => {
        throw new Thrown();
      },
    },
  );
  return new Proxy(target, traps);
}

function cyclic() {
  const one = { platformConversationId: "c" };
  one.metaData = [one];
  return one;
}

/** Whoever follows all of its ways follows 16 to the power of any depth. */
function widelyCyclic() {
  const list = [];
  for (let at = 0; at < 16; at += 1) list.push(at % 2 ? list : { [`m${at}`]: list, list });
  return list;
}

/** The same, whose members are undefined. */
function cyclicNothing() {
  const one = {};
  for (let at = 0; at < 16; at += 1) one[`m${at}`] = at % 2 ? one : undefined;
  return one;
}

/** Whose members are all like itself. */
function endless(target) {
  const value = { enumerable: true, configurable: true };
  return new Proxy(target, {
    get: (_, name) => (name === "length" ? 2 : typeof name === "symbol" ? undefined : endless(target)),
    ownKeys: () => (Array.isArray(target) ? ["length", "0"] : ["a", "b"]),
    getOwnPropertyDescriptor: () => value,
  });
}

function deep(levels) {
  let value = "end";
  for (let at = 0; at < levels; at += 1) value = at % 2 ? [value] : { value };
  return value;
}
