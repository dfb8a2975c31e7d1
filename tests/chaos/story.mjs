// Ledgers made by hand, for the tests of the checker: it must pass what is right, and find each kind of
// wrong. A checker that can't fail proves nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "./checker.mjs";

const C = "case-1";

/** Ledgers of one conversation, written by telling what happens. */
export class Story {
  books = { control: [], clients: [], wire: [], journal: [], states: [] };
  #t = 0;
  #waitedMs = 0;
  #request = 0;
  #parked = [];

  #write(book, record) {
    this.#t += 1;
    this.books[book].push({ t: this.#t, at: 1_000_000 + this.#waitedMs + this.#t * 10, ...record });
    return this;
  }

  wait(ms) {
    this.#waitedMs += ms;
    return this;
  }

  send(n, { digest = `d${n}`, key = `k${n}`, conversation = C, ...more } = {}) {
    return this.#write("clients", {
      what: "send",
      send: `s${this.#t + 1}`,
      conversation,
      n,
      key,
      digest,
      ...more,
    });
  }

  /** The answer to the event's last send that has none. */
  answer(n, status, { id = `x-${n}`, conversation = C, ...more } = {}) {
    const answered = new Set(
      this.books.clients.filter(({ what }) => what === "answer").map(({ send }) => send),
    );
    const open = this.books.clients.findLast(
      (record) => record.what === "send" && record.n === n && !answered.has(record.send),
    );
    return this.#write("clients", { what: "answer", send: open.send, conversation, n, status, id, ...more });
  }

  /** A request of the relay for the event, which the API answers so, and which ends so on the wire. */
  request(n, { digest = `d${n}`, status = 200, by = "answer", conversation = C, processed } = {}) {
    this.begin(n, { digest, conversation });
    return this.finish(this.#request, n, { digest, status, by, conversation, processed });
  }

  begin(n, { digest = `d${n}`, conversation = C } = {}) {
    this.#request += 1;
    this.#write("wire", { what: "arrived", request: this.#request, conversation, n, digest });
    return this.#write("wire", { what: "passed", request: this.#request });
  }

  finish(request, n, { digest = `d${n}`, status = 200, by = "answer", conversation = C, processed } = {}) {
    this.#write("journal", {
      seq: request,
      conversation,
      n,
      digest,
      status,
      processed,
      arrivedAt: 1_000_000 + this.#waitedMs + this.#t * 10,
    });
    if (status) this.#write("wire", { what: "answered", request, status });
    return this.#write("wire", { what: "ended", request, by });
  }

  kill(kind = "random") {
    return this.#write("control", { what: "kill", kind });
  }

  replay(n, status = 200) {
    return this.#write("control", { what: "replay", id: `x-${n}`, status });
  }

  state(n, state, { conversation = C, id = `x-${n}`, tries, ...more } = {}) {
    tries ??= this.books.wire.filter((record) => record.what === "arrived" && record.n === n).length;
    if (state === "parked") this.#parked.push(id);
    const document = {
      id,
      platformConversationId: conversation,
      state,
      tries,
      acceptedMs: 2_000_000,
      ...more,
    };
    return this.#write("states", { what: "state", id, status: 200, document });
  }

  parked(ids = this.#parked, { when = "final", total = ids.length } = {}) {
    return this.#write("states", { what: "parked", phase: "chaos", when, ids, total });
  }

  drained(left = 0) {
    return this.#write("control", { what: "drained", phase: "chaos", ms: 100, left });
  }

  /** An event for which all goes well. */
  good(n) {
    return this.send(n).request(n).answer(n, 200).state(n, "delivered");
  }
}

/** What the checker finds, but for how much has to happen at least. */
export function found(story) {
  const { violations } = check(story.books, { minutes: 1 });
  return violations
    .filter(({ check }) => check !== "progress")
    .map(({ check, message }) => `${check}: ${message}`);
}

/** Finds nothing. */
export const passes = (name, tell) =>
  test(`passes: ${name}`, () => assert.deepEqual(found(tell(new Story())), []));

/** Finds exactly these, each by its check and a part of its message. */
export const fails = (name, tell, ...expected) =>
  test(`finds: ${name}`, () => {
    const messages = found(tell(new Story()));
    for (const part of expected)
      assert.ok(
        messages.some((message) => part.test(message)),
        messages.join("\n"),
      );
    const other = messages.filter((message) => !expected.some((part) => part.test(message)));
    assert.deepEqual(other, []);
  });
