// Whoever follows a conversation, and what must hold of what they get.

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { EventSource } from "eventsource";

const KINDS = ["event", "reply", "state", "end"];

/**
 * Follows a stream by the `eventsource` package, which connects again by itself, as browsers do. Without a
 * key, what opens it stands in the URL. `pauseMs`: how long a slow reader leaves each piece of it lying.
 */
export function follow(url, key, { pauseMs = 0 } = {}) {
  const frames = [];
  const connections = [];
  const source = new EventSource(url, {
    fetch: async (address, init) => {
      connections.push(init.headers["Last-Event-ID"]);
      const shown = key && { authorization: `Bearer ${key}` };
      const answer = await fetch(address, { ...init, headers: { ...init.headers, ...shown } });
      return pauseMs > 0 && answer.ok ? slowed(answer, pauseMs) : answer;
    },
  });
  for (const kind of KINDS) {
    source.addEventListener(kind, ({ lastEventId, data }) =>
      frames.push({ id: kind === "end" ? undefined : Number(lastEventId), kind, data: JSON.parse(data) }),
    );
  }
  return { frames, connections, source, close: () => source.close() };
}

function slowed(answer, pauseMs) {
  const transform = async (piece, controller) => {
    await sleep(pauseMs);
    controller.enqueue(piece);
  };
  return new Response(answer.body.pipeThrough(new TransformStream({ transform })), answer);
}

/** The texts of the replies among these frames. */
export const replies = (frames) =>
  frames.filter(({ kind }) => kind === "reply").map(({ data }) => data.reply.text);

/** Numbers go up: nothing comes twice, nothing too late. */
export function assertInOrder(frames) {
  const ids = frames.filter(({ kind }) => kind !== "end").map(({ id }) => id);
  assert.ok(ids.every(Number.isSafeInteger), "each frame but the end has a number");
  for (const [at, id] of ids.entries()) {
    if (at > 0) assert.ok(id > ids[at - 1], `frame ${at} has number ${id} behind ${ids[at - 1]}`);
  }
}

/**
 * What was seen is what is kept behind a number: each entry once and in its place, none missing, and of
 * each event how it stands.
 */
export function assertComplete(frames, entries, after = 0) {
  assertInOrder(frames);
  const kept = entries.filter(({ seq }) => seq > after);
  const said = frames.filter(({ kind }) => kind === "event" || kind === "reply");
  for (const [at, { seq, event, reply }] of kept.entries()) {
    const { id, kind, data } = said[at] ?? {};
    assert.deepEqual([id, data?.seq, data?.[kind].text], [seq, seq, (event ?? reply).text], `entry ${at}`);
  }
  assert.equal(said.length, kept.length);
  const states = frames.filter(({ kind }) => kind === "state").map(({ data }) => [data.id, data.state]);
  const last = new Map(states);
  for (const { id, state } of kept.filter(({ event }) => event)) assert.equal(last.get(id), state, id);
}
