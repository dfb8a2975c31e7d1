// What the console knows and decides, without a page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldOf } from "../../www/model/findings.js";
import { hashOf, placeOf } from "../../www/model/place.js";
import { curlLine } from "../../www/model/snippets.js";
import { perMinute, quantile, sums } from "../../www/model/stats.js";
import { duration, until } from "../../www/model/time.js";
import { Transcript } from "../../www/model/transcript.js";

const event = (seq, more = {}) => ({
  type: "event",
  seq,
  lastId: seq,
  atMs: 1_000,
  id: `event-${seq}`,
  state: "sending",
  event: {
    text: "x",
    metaData: [
      { key: "a", value: "1" },
      { key: "b", sanitize: true },
    ],
  },
  ...more,
});
const state = (seq, tries, name, more = {}) => ({
  type: "state",
  lastId: seq + tries,
  id: `event-${seq}`,
  state: name,
  tries,
  ...more,
});

test("a transcript has each entry once and in its order, whatever is told twice", () => {
  const transcript = new Transcript();
  const changes = [event(7), event(3), { type: "reply", seq: 5, lastId: 5, atMs: 1, reply: {} }, event(7)];
  changes.forEach((change) => transcript.apply(change));
  assert.deepEqual(
    transcript.items.map(({ seq }) => seq),
    [3, 5, 7],
  );
});

test("each failed try is a step, once, and the end of the way is where it stands", () => {
  const transcript = new Transcript();
  const failed = (tries, code) => state(1, tries, "pending", { lastTry: { code }, nextTryMs: 9 });
  [event(1), failed(1, "api-failed"), failed(1, "api-failed"), failed(3, "api-timed-out")].forEach((change) =>
    transcript.apply(change),
  );
  transcript.apply(state(1, 4, "delivered", { deliveredMs: 5, lastTry: { code: "api-timed-out" } }));
  const [item] = transcript.items;
  assert.deepEqual(
    item.tries.map(({ number, code }) => [number, code]),
    [
      [1, "api-failed"],
      [3, "api-timed-out"],
    ],
  );
  assert.deepEqual([item.state, item.delivery.deliveredMs], ["delivered", 5]);
  transcript.apply(state(2, 1, "delivered"));
  assert.equal(transcript.items.length, 1, "what is said of an event that is not known changes nothing");
});

test("a personal value is shown where it was typed, and nowhere else", () => {
  const transcript = new Transcript();
  transcript.apply(event(1));
  const values = () => transcript.variablesOf(transcript.items[0]).map(({ value }) => value);
  assert.deepEqual(values(), ["1", undefined]);
  transcript.remember("event-2", { metaData: [{ value: "other" }, { value: "other" }] });
  assert.deepEqual(values(), ["1", undefined]);
  transcript.remember("event-1", { metaData: [{ value: "1" }, { value: "secret" }] });
  assert.deepEqual(values(), ["1", "secret"]);
});

test("a finding is shown at the nearest field there is", () => {
  const fields = new Set(["/text", "/metaData", "/metaData/1", "/metaData/1/key"]);
  for (const [pointer, field] of [
    ["/text", "/text"],
    ["/metaData/1/key", "/metaData/1/key"],
    ["/metaData/1/colour", "/metaData/1"],
    ["/metaData/10", "/metaData"],
    ["/texts", ""],
    ["", ""],
  ])
    assert.equal(fieldOf(pointer, fields), field, pointer);
});

test("a place can be written and read, and a key is read but never written", () => {
  for (const conversation of ["case-1", "a&b=c#d %", "ä/😀", "operate"])
    for (const view of ["conversation", "operate", "emulator"])
      assert.deepEqual(placeOf(hashOf({ view, conversation })), { view, conversation, key: undefined });
  assert.deepEqual(placeOf("#key=a%2Bb&"), { view: "conversation", conversation: undefined, key: "a+b" });
  assert.ok(!hashOf({ view: "operate", conversation: "c", key: "k" }).includes("k="));
});

test("counts add up, and bounds are those of their share", () => {
  const minute = (atMs, count) => ({
    atMs,
    accepted: count,
    tries: { ok: count },
    latencyMs: [
      { le: null, count: 1 },
      { le: 10, count },
    ],
  });
  const minutes = [minute(0, 98), minute(120_000, 100)];
  const all = sums(minutes);
  assert.deepEqual([all.accepted, all.delivered, all.tries], [198, 0, { ok: 198 }]);
  assert.deepEqual(
    [0.5, 0.99, 1].map((share) => quantile(all.latencyMs, share)),
    [10, 10, Infinity],
  );
  assert.equal(quantile([], 0.5), undefined);
  const rate = perMinute({ minutes, nowMs: 121_000, stepMs: 60_000 }, 4, ({ accepted }) => accepted);
  assert.deepEqual(
    rate.map(({ value }) => value),
    [0, 98, 0, 100],
  );
});

test("times are said as people say them", () => {
  assert.deepEqual([0, 999, 1_500, 59_000, 120_000, 7_200_000].map(duration), [
    "0 ms",
    "999 ms",
    "1.5 s",
    "59 s",
    "2 min",
    "2 h",
  ]);
  assert.deepEqual([until(5, 10), until(4_010, 10)], ["now", "in 4.0 s"]);
});

test("a line for a shell has no key in it, and quotes what is in quotes", () => {
  const line = curlLine("https://relay.example", `{"text": "it's $HOME"}`);
  assert.match(line, /Bearer \$RELAY_KEY/);
  assert.ok(line.includes(`'{"text": "it'\\''s $HOME"}'`));
});
