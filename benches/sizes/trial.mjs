// Whether a program does what it is measured for: sends an event, tries again, and sends nothing else.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";

const EVENT = {
  platformConversationId: "case-1",
  text: "Where is my parcel?",
  metaData: [{ key: "order", value: "4711" }],
};
const FAULTY = { ...EVENT, metaData: [{ key: "order", value: 4711 }] };

/** Tries `send` against a server that is unwell at first. */
export async function tryOut(send) {
  const came = [];
  const server = createServer((request, response) => answer(request, response, came));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const url = `http://127.0.0.1:${server.address().port}`;
    await assert.rejects(async () => send(url, "token", structuredClone(FAULTY)));
    assert.deepEqual(came, []);
    await send(url, "token", structuredClone(EVENT));
    const expected = { path: "/converse/ticket", authorization: "Bearer token", event: complete };
    assert.deepEqual(came, [expected, expected]);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const complete = { ...EVENT, platform: "PUBLIC_API" };

async function answer(request, response, came) {
  const body = (await request.toArray()).join("");
  const { authorization } = request.headers;
  came.push({ path: request.url.replace("/v2/", "/"), authorization, event: JSON.parse(body) });
  // As a relay takes an event, and in the way in which any client reads that it was taken.
  const headers = { "content-type": "application/json", "ticketwire-event": "event-1" };
  response.writeHead(came.length === 1 ? 503 : 202, headers);
  response.end(came.length === 1 ? "" : "{}");
}
