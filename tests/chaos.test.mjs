// The checker of `npm run chaos`, on ledgers made by hand: it passes what is right, and finds each kind
// of wrong. A checker that can't fail proves nothing.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { check } from "./chaos/checker.mjs";
import { dice } from "./chaos/dice.mjs";
import { plant } from "./chaos/planted.mjs";
import { drainsWithinMs, longestWaitMs } from "./chaos/schedule.mjs";
import { summary } from "./chaos/summary.mjs";

const C = "case-1";

/** Ledgers of one conversation, written by telling what happens. */
class Story {
  books = { control: [], clients: [], wire: [], journal: [], states: [] };
  #t = 0;
  #request = 0;
  #parked = [];

  #write(book, record) {
    this.#t += 1;
    this.books[book].push({ t: this.#t, at: 1_000_000 + this.#t * 10, ...record });
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
      arrivedAt: 1_000_000 + this.#t * 10,
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
function found(story) {
  const { violations } = check(story.books, { minutes: 1 });
  return violations
    .filter(({ check }) => check !== "progress")
    .map(({ check, message }) => `${check}: ${message}`);
}

const passes = (name, tell) => test(`passes: ${name}`, () => assert.deepEqual(found(tell(new Story())), []));

/** Finds exactly these, each by its check and a part of its message. */
const fails = (name, tell, ...expected) =>
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

describe("delivery", () => {
  passes("events one after another", (story) => story.good(1).good(2).good(3).parked());
  passes("one that is delivered later", (story) =>
    story.send(1).answer(1, 202).request(1, { status: 503 }).request(1).state(1, "delivered"),
  );
  passes("one that the API refused, and that is parked", (story) =>
    story.send(1).request(1, { status: 400 }).answer(1, 202).state(1, "parked").parked(),
  );
  passes("a send without key that nobody answered", (story) =>
    story.send(1, { key: null }).kill().answer(1, undefined, { id: null, error: "ECONNRESET" }),
  );
  fails(
    "an event that is said to be delivered and never arrived",
    (story) => story.send(1).answer(1, 202).state(1, "delivered"),
    /^delivery: lost/,
  );
  fails(
    "an event that is said to be delivered and only failed",
    (story) => story.send(1).request(1, { status: 503 }).answer(1, 202).state(1, "delivered"),
    /^delivery: lost/,
  );
  fails(
    "an event that nobody knows any more",
    (story) => story.send(1).answer(1, 202),
    /^delivery: GET \/events\/\{id\} answered nothing/,
  );
  fails(
    "an event that still waits in the end",
    (story) => story.send(1).answer(1, 202).state(1, "pending").drained(1),
    /^delivery: still pending/,
    /^delivery: chaos: 1 events still waited/,
  );
  fails(
    "an event parked without a refusal",
    (story) => story.send(1).request(1, { status: 503 }).answer(1, 202).state(1, "parked").parked(),
    /^delivery: parked, and the API never refused it/,
  );
  fails(
    "a parked event that is not listed",
    (story) => story.send(1).request(1, { status: 400 }).answer(1, 202).state(1, "parked").parked([]),
    /^delivery: GET \/parked.*not listed/,
  );
  fails(
    "a delivered event that is listed",
    (story) => story.good(1).parked(["x-1"]),
    /listed, and not parked/,
  );
  fails("a list that is cut short", (story) => story.parked([], { total: 3 }), /0 listed of a total of 3/);
  fails(
    "a document of another event",
    (story) =>
      story.send(1).request(1).answer(1, 200).state(1, "delivered", { platformConversationId: "case-2" }),
    /^delivery: it says it is of case-2/,
  );
  fails(
    "a try that it does not count",
    (story) =>
      story.send(1).request(1, { status: 503 }).request(1).answer(1, 200).state(1, "delivered", { tries: 1 }),
    /^delivery: it counts 1 tries, and the wire saw 2 requests/,
  );
  fails(
    "more tries than the wire and kills explain",
    (story) => story.send(1).request(1).answer(1, 200).kill().state(1, "delivered", { tries: 3 }),
    /^delivery: it counts 3 tries, and the wire saw 1 requests/,
  );
  fails(
    "a caller that is never answered",
    (story) => story.send(1).answer(1, 503, { id: null, code: "not-stored" }),
    /^delivery: never accepted: the last answer was 503 not-stored/,
  );
});

describe("sending again", () => {
  const parked = (story) => story.send(1).request(1, { status: 400 }).answer(1, 202);
  passes("a parked event, behind later ones", (story) =>
    parked(story).good(2).parked(["x-1"], { when: "drained" }).replay(1).request(1).state(1, "delivered"),
  );
  fails(
    "one that never arrives",
    (story) => parked(story).parked(["x-1"], { when: "drained" }).replay(1).state(1, "pending"),
    /still pending/,
    /was to be sent again, and is pending/,
  );
  fails(
    "one that is said to be delivered and never arrives",
    (story) => parked(story).parked(["x-1"], { when: "drained" }).replay(1).state(1, "delivered"),
    /lost/,
    /never arrived after that/,
  );
  fails(
    "one that is refused",
    (story) =>
      parked(story).parked(["x-1"], { when: "drained" }).replay(1, 404).request(1).state(1, "delivered"),
    /sending it again was answered with 404/,
  );
});

describe("order", () => {
  passes("of a burst, as it was accepted", (story) =>
    story
      .send(1)
      .send(2)
      .request(2, {})
      .answer(2, 200, { id: "x-1" })
      .request(1)
      .answer(1, 200, { id: "x-2" })
      .state(1, "delivered", { id: "x-2" })
      .state(2, "delivered", { id: "x-1" }),
  );
  fails(
    "a later event first",
    (story) =>
      story
        .send(1)
        .answer(1, 202)
        .send(2)
        .answer(2, 202)
        .request(2)
        .request(1)
        .state(1, "delivered")
        .state(2, "delivered"),
    /^order: out of order: arrival 2 came after case-1#2/,
  );
  fails(
    "a retry behind a later event",
    (story) =>
      story.send(1).request(1, { status: 503 }).answer(1, 202).good(2).request(1).state(1, "delivered"),
    /^order: out of order: arrival 3/,
  );
  fails(
    "an acceptance that overtakes",
    (story) =>
      story
        .send(1)
        .answer(1, 202, { id: "x-2" })
        .send(2)
        .answer(2, 202, { id: "x-1" })
        .request(2)
        .request(1)
        .state(1, "delivered", { id: "x-2" })
        .state(2, "delivered", { id: "x-1" }),
    /^order: accepted as 1, but case-1#1, answered before it was sent, as 2/,
  );
});

describe("one in flight", () => {
  const two = (story) => story.send(1).send(2).answer(1, 202).answer(2, 202).begin(1).begin(2);
  const end = (story) => story.state(1, "delivered").state(2, "delivered");
  fails(
    "two at once",
    (story) => end(two(story).finish(1, 1).finish(2, 2)),
    /^one in flight: sent \(request 2\) while request 1 for #1 was under way/,
  );
  fails(
    "a third inside of a long one",
    (story) => end(two(story).finish(2, 2).finish(1, 1)),
    /request 2/,
    // Their ends are the journal's order here as well.
  );
  passes("one behind one that a kill has ended", (story) =>
    story
      .send(1)
      .answer(1, 202)
      .begin(1)
      .kill()
      .finish(1, 1, { by: "kill" })
      .request(1)
      .state(1, "delivered"),
  );
});

describe("duplicates", () => {
  const twice = (story, first) => story.send(1).request(1, first).request(1);
  const end = (story) => story.answer(1, 200).state(1, "delivered");
  for (const [name, first] of [
    ["a time-out", { by: "left" }],
    ["a lost acknowledgement", { by: "cut" }],
    ["a kill while it was under way", { by: "kill" }],
    ["an acknowledgement that a gateway denied", { status: 502, processed: true }],
  ]) {
    passes(`twice, because of ${name}`, (story) => end(twice(story, first)));
    fails(
      `three times, because of one of ${name}`,
      (story) => end(twice(story, first).request(1)),
      /^duplicates: taken 3 times, and only 1 causes/,
    );
  }
  passes("twice, because of a kill before the mark", (story) =>
    end(story.send(1).request(1).kill().request(1)),
  );
  fails(
    "twice, behind a refusal that was one",
    (story) => end(twice(story, { status: 502, processed: false }).request(1)),
    /^duplicates: taken 2 times, and only 0 causes/,
  );
  fails(
    "twice, for no reason",
    (story) => end(twice(story, {})),
    /^duplicates: taken 2 times, and only 0 causes/,
  );
  fails(
    "twice, though its caller had been told before the kill",
    (story) => story.send(1).request(1).answer(1, 200).kill().request(1).state(1, "delivered"),
    /^duplicates: taken 2 times, and only 0 causes/,
  );
  fails(
    "twice, because of another's time-out",
    (story) =>
      end(twice(story.send(2).request(2, { by: "left" }).request(2).answer(2, 200), {})).state(
        2,
        "delivered",
      ),
    /^duplicates: taken 2 times/,
    // The two are told in the order 2, 1.
    /^order/,
  );
});

describe("the quiet phase", () => {
  const quiet = { conversation: "quiet-1" };
  const told = (story) => story.send(1, quiet);
  const end = (story) => story.answer(1, 200, quiet).state(1, "delivered", quiet);
  passes("one try each", (story) => end(told(story).request(1, quiet)));
  fails(
    "a second try, even for a reason",
    (story) =>
      end(
        told(story)
          .request(1, { ...quiet, by: "left" })
          .request(1, quiet),
      ),
    /^quiet phase: sent 2 times/,
    /^duplicates: taken more than once/,
  );
});

describe("idempotency", () => {
  passes("the same answer to the same question", (story) =>
    story.good(1).send(1).answer(1, 200, { replayed: true }),
  );
  passes("other bytes are refused", (story) =>
    story.good(1).send(1, { digest: "other", probe: "other-body" }).answer(1, 409, { id: null }),
  );
  fails(
    "two ids for one key",
    (story) => story.good(1).send(1).answer(1, 202, { id: "x-7", replayed: true }),
    /^idempotency: one key, 2 ids/,
  );
  fails(
    "a repeat that is taken for new",
    (story) => story.good(1).send(1).answer(1, 200),
    /not said to be a repeat/,
  );
  fails(
    "one id for two events",
    (story) => story.good(1).send(2).request(2).answer(2, 200, { id: "x-1" }),
    /^idempotency: has the id x-1, as case-1#1 has/,
    /^order|^delivery/,
  );
  fails(
    "other bytes that are accepted",
    (story) => story.good(1).send(1, { digest: "other", probe: "other-body" }).answer(1, 200),
    /^idempotency: other bytes under its key were answered with 200/,
  );
  fails(
    "an acceptance without id",
    (story) => story.send(1).request(1).answer(1, 200, { id: null }),
    /^idempotency: accepted without an id/,
    /^delivery/,
  );
});

describe("bytes", () => {
  fails(
    "other bytes arrive",
    (story) => story.send(1).request(1, { digest: "changed" }).answer(1, 200).state(1, "delivered"),
    /^bytes: arrived as bytes that nobody sent/,
  );
  fails(
    "bytes that were refused arrive",
    (story) =>
      story
        .send(1)
        .send(1, { digest: "other", probe: "other-body" })
        .answer(1, 409, { id: null })
        .request(1, { digest: "other" })
        .answer(1, 200)
        .state(1, "delivered"),
    /^bytes: arrived as bytes that nobody sent/,
  );
  fails(
    "200 before the API has it",
    (story) => story.send(1).answer(1, 200).request(1).state(1, "delivered"),
    /^bytes: answered with 200 before/,
  );
});

describe("progress", () => {
  test("finds: a run in which nothing happened", () => {
    const { violations } = check(new Story().good(1).books, { minutes: 1 });
    const missing = violations.map(({ message }) => message.replace(/:.*/, ""));
    for (const what of ["conversations", "kills", "kills answer-mark", "events accepted", "events parked"]) {
      assert.ok(missing.includes(what), what);
    }
  });

  test("counts what the table shows", () => {
    const story = new Story().send(1).request(1, { by: "cut" }).kill("answer-mark").request(1).answer(1, 200);
    const done = summary(check(story.books, { minutes: 1 }).history);
    assert.equal(done.duplicates, 1);
    assert.equal(done.lostAcknowledgements, 1);
    assert.deepEqual(done.killsByKind, { "answer-mark": 1 });
    assert.deepEqual(done.causes, { "acknowledgement lost": 1 });
  });
});

describe("planting a bug", () => {
  const planted = (text, edit) => {
    const root = mkdtempSync(join(tmpdir(), "ticketwire-test-"));
    try {
      writeFileSync(join(root, "a.rs"), text);
      plant({ name: "x", edits: [{ file: "a.rs", ...edit }] }, root);
      return readFileSync(join(root, "a.rs"), "utf8");
    } finally {
      rmSync(root, { recursive: true });
    }
  };
  test("replaces what is there once, word for word", () => {
    assert.equal(planted("let a = b;", { find: "= b", put: "= $&" }), "let a = $&;");
  });
  test("fails where it is not there, or more than once", () => {
    for (const text of ["let a = c;", "let a = b = b;"]) {
      assert.throws(() => planted(text, { find: "= b", put: "" }), /can't be planted: a\.rs has its text/);
    }
  });
});

describe("the plan", () => {
  test("the dice fall the same way for the same seed and stream only", () => {
    const throws = (...of) => {
      const { whole } = dice(...of);
      return Array.from({ length: 20 }, () => whole(1, 6)).join("");
    };
    assert.equal(throws("1", "killer"), throws("1", "killer"));
    assert.notEqual(throws("1", "killer"), throws("2", "killer"));
    assert.notEqual(throws("1", "killer"), throws("1", "flaps"));
  });

  test("the dice reach both ends, and what weighs more comes more often", () => {
    const { whole, weighted } = dice("1", "ends");
    assert.deepEqual([...new Set(Array.from({ length: 200 }, () => whole(1, 6)))].sort(), [1, 2, 3, 4, 5, 6]);
    const names = Array.from({ length: 1_000 }, () => weighted({ often: 9, seldom: 1 }));
    const seldom = names.filter((name) => name === "seldom").length;
    assert.ok(seldom > 50 && seldom < 200, String(seldom));
  });

  test("the due time follows from the schedule", () => {
    assert.equal(longestWaitMs(2), 6_000);
    assert.ok(drainsWithinMs([{ state: "pending", tries: 3 }]) > 18_000);
    assert.ok(drainsWithinMs([{ state: "sending", tries: 3 }]) > 72_000);
    assert.ok(drainsWithinMs([]) < 20_000);
  });
});
