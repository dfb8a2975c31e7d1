// Events on their way: taken by a relay, and delivered to the API, at once or after an outage.

import { setTimeout as sleep } from "node:timers/promises";
import { EVENT } from "../traffic/index.mjs";

const CONNECTIONS = 16;
/** Longer than any wait between tries after an outage of minutes. */
const DELIVERED_WITHIN_MS = 600_000;
const DOWN = 503;

/** So many events are taken while the API is well: how fast, how fast they are delivered, and each one's time. */
export async function flow({ relay, client, upstream }, { count, conversations }) {
  await upstream.reset();
  const { seconds, latencies } = await accepted(client, relay, { count, conversations });
  const { first, last } = await delivered(upstream, count);
  return { accepted: count / seconds, delivered: perSecond(count, last - first), latencies };
}

/**
 * So many events wait, then the API is well again: after how many seconds it gets the first of them and the last,
 * and how fast they come in between.
 */
export async function outage({ relay, client, upstream }, { count, conversations }) {
  await upstream.answer(DOWN);
  await accepted(client, relay, { count, conversations });
  await upstream.reset();
  const well = Date.now();
  await upstream.answer(200);
  const { first, last } = await delivered(upstream, count);
  return {
    first: (first - well) / 1_000,
    last: (last - well) / 1_000,
    delivered: perSecond(count, last - first),
  };
}

const perSecond = (count, ms) => (count * 1_000) / ms;

/** None waits for its first try: what is measured is taking it, which ends on the disk. */
async function accepted(client, { url, key }, load) {
  const result = await client.send({
    url: `${url}/converse/ticket`,
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      prefer: "respond-async",
    },
    body: EVENT,
    connections: CONNECTIONS,
    expected: [202],
    ...load,
  });
  if (result.failed > 0) throw new Error(`${result.failed} of ${load.count} events were not taken`);
  return result;
}

/** Waits until the API has so many. */
async function delivered(upstream, count) {
  for (const end = Date.now() + DELIVERED_WITHIN_MS; ; await sleep(50)) {
    const seen = await upstream.taken();
    if (seen.taken >= count) return seen;
    if (Date.now() > end) throw new Error(`the API has ${seen.taken} of ${count} events`);
  }
}
