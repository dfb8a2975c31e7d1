// The first request of a relay that has just been started, and the second, each on a connection of its own.

import { once } from "node:events";
import { request } from "node:http";
import { startRelay } from "../../tests/worker/harness.mjs";

/** How long each took, in milliseconds: of this path, or an event that begins a conversation. */
export async function firstRequests({ mode, path, upstream }) {
  const variables = { API_BASE_URL: upstream, API_KEY: "key_of_a_bench", DELIVERY: mode };
  const relay = await startRelay({ direct: true, variables });
  try {
    const first = await asked(relay, path, "one");
    const second = await asked(relay, path, "two");
    return { first, second };
  } finally {
    await relay.stop();
  }
}

async function asked({ url, key }, path, platformConversationId) {
  const start = performance.now();
  const outgoing = request(`${url}${path ?? "/converse/ticket"}`, {
    agent: false,
    method: path ? "GET" : "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
  });
  outgoing.end(path ? "" : JSON.stringify({ platformConversationId, text: "Where is my order?" }));
  const [answer] = await once(outgoing, "response");
  await answer.toArray();
  if (answer.statusCode !== 200) throw new Error(`the relay answered ${answer.statusCode}`);
  return performance.now() - start;
}
