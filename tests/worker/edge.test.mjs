// The relay's outer edge in workerd: what every answer carries, who may call, and how often.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startPair } from "./harness.mjs";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

const PATHS = [
  "/",
  "/converse/ticket",
  "/webhooks/ticket",
  "/webhooks/ticket/secret",
  "/conversations/a",
  "/conversations/a/stream",
  "/events/a-1",
  "/events/a-1/replay",
  "/parked",
  "/health",
  "/ready",
  "/version",
];

const SECURITY = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000",
};

let pair;
let relay;
let emulator;
const log = [];

before(async () => {
  pair = await startPair({ onLog: (line) => log.push(line) });
  ({ relay, emulator } = pair);
});

after(() => pair.stop());

const event = (id, more = {}) => JSON.stringify({ platformConversationId: id, text: "hello", ...more });

/** A request with the relay's key; `close` ends an answer that goes on. */
async function ask(path, { headers = {}, ...init } = {}) {
  const answer = await fetch(`${relay.url}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${relay.key}`, ...headers },
  });
  return Object.assign(answer, { close: () => answer.body?.cancel() });
}

/** Every route with every method, with a key and without. */
async function everywhere(check, headers = {}) {
  for (const path of PATHS) {
    for (const method of METHODS) {
      for (const authorization of [`Bearer ${relay.key}`, ""]) {
        const answer = await ask(path, { method, headers: { ...headers, authorization } });
        check(answer, `${method} ${path}${authorization && " with a key"}: ${answer.status}`, path);
        await answer.close();
      }
    }
  }
}

describe("security headers", () => {
  test("are on every answer of every route", async () => {
    const statuses = new Set();
    await everywhere((answer, what) => {
      statuses.add(answer.status);
      for (const [name, value] of Object.entries(SECURITY)) {
        assert.equal(answer.headers.get(name), value, `${name}: ${what}`);
      }
    });
    for (const status of [200, 401, 404, 405, 415]) assert.ok(statuses.has(status), `no ${status} was seen`);
  });

  test("are on what is sent on its way, and on a stream", async () => {
    const sent = await relay.send(event("secured"));
    assert.equal(sent.status, 200);
    const stream = await ask("/conversations/secured/stream");
    assert.equal(stream.headers.get("content-type"), "text/event-stream");
    for (const answer of [sent, stream]) {
      for (const [name, value] of Object.entries(SECURITY)) assert.equal(answer.headers.get(name), value);
    }
    await stream.close();
  });

  test("a WebSocket opens as before", async () => {
    const socket = new WebSocket(`${relay.url.replace("http", "ws")}/conversations/secured/stream`, {
      headers: { authorization: `Bearer ${relay.key}` },
    });
    const message = await new Promise((resolve, reject) => {
      socket.onmessage = resolve;
      socket.onerror = reject;
    });
    assert.ok(message.data.length > 0);
    socket.close();
  });
});
