// Whoever follows a conversation, and what must hold of what they get.

import assert from "node:assert/strict";
import { EventSource } from "eventsource";

const KINDS = ["event", "reply", "state", "end"];

/**
 * Follows a stream by the `eventsource` package, which connects again by itself, as browsers do. Without a
 * key, what opens it stands in the URL.
 */
export function follow(url, key) {
  const frames = [];
  const connections = [];
  const source = new EventSource(url, {
    fetch: (address, init) => {
      connections.push(init.headers["Last-Event-ID"]);
      const shown = key && { authorization: `Bearer ${key}` };
      return fetch(address, { ...init, headers: { ...init.headers, ...shown } });
    },
  });
  for (const kind of KINDS) {
    source.addEventListener(kind, ({ lastEventId, data }) =>
      frames.push({ id: kind === "end" ? undefined : Number(lastEventId), kind, data: JSON.parse(data) }),
    );
  }
  return { frames, connections, source, close: () => source.close() };
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
