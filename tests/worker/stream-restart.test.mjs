// A stream through stops of the relay, killed outright or replaced by a next deployment, while events and
// replies come in from callers that repeat what was not answered.
//
// What must hold, whenever it stops:
// - What was answered is kept. An event once: its caller repeats it under its key. A reply at least once,
//   and at most as often as it was sent: it may be stored though its webhook saw a broken connection, and
//   what then comes again is an entry of its own, marked as a repeat of the first.
// - Whoever follows has seen what is kept behind the number where they began: each entry once, in order,
//   without a gap; and of each event, last, how it stands.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { assertComplete, follow, replies } from "./follower.mjs";
import { until } from "./harness.mjs";
import { persist, startKillable, transcript } from "./killable.mjs";

const ID = "through a stop/é";
const PATH = `/conversations/${encodeURIComponent(ID)}`;
const PIECE = "x".repeat(4_000);

/** How long the relay runs before it is stopped, in milliseconds: with all readers back, or few. */
const RUNS_MS = [2_500, 300, 1_500, 3_000];

const STOPS = {
  "killed outright": (service) => service.kill(),
  "replaced by a next deployment": (service) => service.retire(400),
};

describe("a stream through stops of the relay", { concurrency: true }, () => {
  for (const [how, stop] of Object.entries(STOPS)) {
    test(`nothing is missed or seen twice where the relay is ${how}`, async (t) => {
      const relay = await startKillable(t);
      const load = startLoad(relay);
      await load.begun;
      const followers = [
        { after: 0, ...followed(relay, "") },
        { after: 0, ...followed(relay, "?after=0") },
        { after: 0, ...followed(relay, "", { pauseMs: 150 }) },
      ];
      const [quick, , slow] = followers;
      t.after(() => followers.forEach((follower) => follower.close()));
      let behind = 0;
      for (const [round, runMs] of RUNS_MS.entries()) {
        relay.service.standBy();
        await sleep(runMs);
        behind = Math.max(behind, quick.frames.length - slow.frames.length);
        await stop(relay.service);
        await sleep(200);
        await relay.service.start({ STREAM_SECONDS: String(60 + round) });
        if (round === 1) followers.push(joinedLate(relay, quick));
      }
      await sleep(1_000);
      const said = await load.end();
      const seesTheEnd = ({ frames }) => replies(frames).includes("the end");
      await until("all to see the end", () => followers.every(seesTheEnd), 20_000);

      const kept = await settled(relay);
      for (const { frames, after } of followers) {
        await until("the last state", () => statesAreFinal(frames, after, kept));
        assertComplete(frames, kept, after);
      }
      assertKept(kept, said);
      assert.ok(behind > 0, "the slow one was behind");
      for (const { connections } of followers.slice(0, 3)) assert.ok(connections.length > RUNS_MS.length / 2);
      assert.ok(Math.max(...said.replies.values()) > 1, "some reply had to be sent again");
      t.diagnostic(`${kept.length} entries; the slow one was up to ${behind} frames behind`);
    });
  }
});

const followed = ({ url, key }, query, options) => follow(`${url}${PATH}/stream${query}`, key, options);

function joinedLate(relay, { frames }) {
  const after = frames.at(Math.floor(frames.length / 2)).id;
  return { after, ...followed(relay, `?after=${after}`) };
}

/** Callers: of each text, how often it was sent until it was answered. */
function startLoad(relay) {
  const said = { events: new Map(), replies: new Map() };
  let isOver = false;
  const say = async (text) => {
    const headers = { "idempotency-key": text.replaceAll(" ", "-") };
    const send = () => relay.post("/converse/ticket", { platformConversationId: ID, text }, headers);
    said.events.set(text, await persist(send));
  };
  const reply = async (text) => {
    const body = { platformConversationId: ID, text, attachments: [{ path: PIECE }] };
    said.replies.set(text, await persist(() => relay.reply(body)));
  };
  const keepOn = async (what, everyMs) => {
    for (let count = 0; !isOver; count += 1) {
      await what(count);
      await sleep(everyMs);
    }
  };
  const begun = say("the beginning");
  const callers = begun.then(() =>
    Promise.all([
      keepOn((count) => say(`event ${count}`), 150),
      keepOn((count) => reply(`one ${count}`), 40),
      keepOn((count) => reply(`other ${count}`), 60),
    ]),
  );
  const end = async () => {
    isOver = true;
    await callers;
    await reply("the end");
    return said;
  };
  return { begun, end };
}

/** All that is kept, once every event has arrived. */
function settled(relay) {
  return until("every event to be delivered", async () => {
    const kept = await transcript(relay, PATH);
    return kept.every(({ event, state }) => !event || state === "delivered") && kept;
  });
}

function statesAreFinal(frames, after, kept) {
  const events = kept.filter(({ event, seq }) => event && seq > after).map(({ id }) => id);
  const states = frames.filter(({ kind }) => kind === "state").map(({ data }) => data);
  const delivered = states.filter(({ state }) => state === "delivered").map(({ id }) => id);
  return new Set(events).isSubsetOf(new Set(delivered));
}

function assertKept(kept, { events, replies }) {
  const texts = (kind) => kept.filter((entry) => entry[kind]).map((entry) => entry[kind].text);
  assert.deepEqual(texts("event").toSorted(), [...events.keys()].toSorted());
  const copies = Map.groupBy(
    kept.filter(({ reply }) => reply),
    ({ reply }) => reply.text,
  );
  assert.deepEqual([...copies.keys()].toSorted(), [...replies.keys()].toSorted());
  for (const [text, [first, ...repeats]] of copies) {
    assert.ok(repeats.length < replies.get(text), `${text}: kept more often than sent`);
    assert.equal(first.repeatOf, undefined);
    for (const { repeatOf } of repeats) assert.equal(repeatOf, first.seq);
  }
}
