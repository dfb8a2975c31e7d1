// GET /conversations/{id}/stream, in workerd.

import assert from "node:assert/strict";
import { request } from "node:http";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { BOT_ID, startPair, until } from "./harness.mjs";
import { assertInOrder, follow, replies } from "./follower.mjs";
import { objectName } from "./names.mjs";

const DOWN = { kind: "status", status: 503 };

let conversations = 0;

/** A conversation of its own for a test. */
function conversation({ relay, webhookSecret }) {
  const id = `stream ${(conversations += 1)}/é`;
  const path = `/conversations/${encodeURIComponent(id)}`;
  const stream = `${relay.url}${path}/stream`;
  return {
    id,
    path,
    stream,
    say: (text) => relay.send(JSON.stringify({ platformConversationId: id, text })),
    follow: (query = "") => follow(`${stream}${query}`, relay.key),
    async reply(text, rest = {}) {
      const body = JSON.stringify({ botId: BOT_ID, platformConversationId: id, text, ...rest }, null, 1);
      const url = `${relay.url}/webhooks/ticket/${webhookSecret}`;
      assert.equal((await fetch(url, { method: "POST", body })).status, 200);
    },
  };
}

const followed = (follower, what, count) =>
  until(`${count} of ${what}`, () => follower.frames.filter(({ kind }) => kind === what).length >= count);

describe("a stream", { concurrency: true }, () => {
  let pair;
  let relay;
  let emulator;
  before(async () => {
    pair = await startPair({ relay: { MAX_STREAMS: "3" } });
    ({ relay, emulator } = pair);
    // The replies are those of the tests.
    await emulator.admin("/script", { method: "PUT", body: { rules: [] } });
  });
  after(() => pair.stop());

  test("begins with all that is kept, and goes on as it happens", async () => {
    const { id, say, reply, follow } = conversation(pair);
    await say("one");
    const follower = follow();
    await followed(follower, "state", 1);
    await reply("two");
    await followed(follower, "reply", 1);
    follower.close();
    const [event, state, answer] = follower.frames;
    assert.deepEqual([event.kind, event.data.event.text, event.data.seq], ["event", "one", event.id]);
    assert.deepEqual([state.kind, state.data.state, state.data.id], ["state", "delivered", event.data.id]);
    assert.equal(state.data.platformConversationId, id);
    assert.deepEqual([answer.kind, answer.data.reply.text], ["reply", "two"]);
    assertInOrder(follower.frames);
    assert.equal(follower.frames.length, 3);
  });

  test("waits where nothing is known yet", async () => {
    const { say, follow } = conversation(pair);
    const follower = follow();
    await until("the stream", () => follower.source.readyState === 1);
    await say("first");
    await followed(follower, "event", 1);
    follower.close();
    assert.equal(follower.frames[0].data.event.text, "first");
  });

  test("is answered by what it is", async () => {
    const { stream } = conversation(pair);
    const abort = new AbortController();
    const headers = { authorization: `Bearer ${relay.key}` };
    const answer = await fetch(stream, { headers, signal: abort.signal });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), "text/event-stream");
    assert.equal(answer.headers.get("cache-control"), "no-store");
    const { value } = await answer.body.getReader().read();
    assert.match(new TextDecoder().decode(value), /^retry: [12]\d{3}\n\n$/);
    abort.abort();
    for (const [query, header] of [
      ["?after=x", {}],
      ["?before=1", {}],
      ["", { "last-event-id": "x" }],
    ]) {
      const refused = await fetch(`${stream}${query}`, { headers: { ...headers, ...header } });
      assert.equal(refused.status, 400);
      assert.equal((await refused.json()).code, "invalid-query");
    }
    assert.equal((await fetch(stream)).status, 401);
    assert.equal((await fetch(stream, { method: "POST", headers })).status, 405);
  });

  test("goes on behind any number", async () => {
    const { say, reply, follow } = conversation(pair);
    await say("event");
    for (const text of ["1", "2", "3"]) await reply(text);
    const all = follow();
    await followed(all, "reply", 3);
    all.close();
    for (const [at, { id }] of all.frames.entries()) {
      const rest = follow(`?after=${id}`);
      await reply(`behind ${id}`);
      await until("the rest", () => replies(rest.frames).includes(`behind ${id}`));
      rest.close();
      const expected = all.frames.slice(at + 1).map((frame) => frame.id);
      assert.deepEqual(
        rest.frames.slice(0, expected.length).map((frame) => frame.id),
        expected,
      );
      assertInOrder(rest.frames);
    }
  });

  test("shows an event that waits, and its arrival", async () => {
    const { id, say, follow } = conversation(pair);
    await emulator.admin("/faults", { method: "POST", body: { conversation: id, fault: DOWN } });
    const follower = follow();
    assert.equal((await say("patience")).status, 202);
    await followed(follower, "state", 2);
    follower.close();
    const [event, waiting, delivered] = follower.frames;
    assert.match(event.data.state, /^(pending|sending)$/);
    assert.deepEqual(
      [waiting.data.state, waiting.data.lastTry.code, waiting.data.tries],
      ["pending", "api-failed", 1],
    );
    assert.deepEqual([delivered.data.state, delivered.data.tries], ["delivered", 2]);
  });

  test("ends with the conversation", async () => {
    const { path, say, follow } = conversation(pair);
    await say("event");
    const follower = follow();
    await followed(follower, "state", 1);
    const headers = { authorization: `Bearer ${relay.key}` };
    assert.equal((await fetch(`${relay.url}${path}`, { method: "DELETE", headers })).status, 204);
    await followed(follower, "end", 1);
    assert.equal(follower.frames.at(-1).data.code, "conversation-deleted");
    await say("anew");
    await until("the new beginning", () => follower.frames.some(({ data }) => data.event?.text === "anew"));
    follower.close();
    assertInOrder(follower.frames);
  });

  test("carries what is large, of several lines, and no JSON that a line could hold", async () => {
    const { say, reply, follow } = conversation(pair);
    await say("event");
    const long = "line\r\n".repeat(100_000);
    await reply(long, { attachments: [{ path: "\u2028" }] });
    await reply("data: x\n\nid: 7\n\n");
    const follower = follow();
    await followed(follower, "reply", 2);
    follower.close();
    assert.deepEqual(replies(follower.frames), [long, "data: x\n\nid: 7\n\n"]);
    assert.equal(follower.frames[2].data.reply.attachments[0].path, "\u2028");
    assertInOrder(follower.frames);
  });

  test("goes at the pace of its reader", async () => {
    const { path, say, reply } = conversation(pair);
    await say("event");
    const reader = slowReader(new URL(`${relay.url}${path}/stream`), relay.key);
    const texts = Array.from({ length: 60 }, (_, number) => `${number} ${"x".repeat(50_000)}`);
    for (const text of texts) await reply(text);
    const frames = await reader.frames((all) => replies(all).length === texts.length);
    assert.deepEqual(replies(frames), texts);
    assertInOrder(frames);
  });

  test("is refused where as many follow as may", async () => {
    const { stream, follow } = conversation(pair);
    const followers = [follow(), follow(), follow()];
    for (const { source } of followers) await until("a stream", () => source.readyState === 1);
    const headers = { authorization: `Bearer ${relay.key}` };
    const refused = await fetch(stream, { headers });
    assert.deepEqual([refused.status, (await refused.json()).code], [429, "too-many-streams"]);
    followers[0].close();
    // Noticed at the next sign of life.
    const room = async () => {
      const abort = new AbortController();
      const { status } = await fetch(stream, { headers, signal: abort.signal });
      abort.abort();
      return status === 200;
    };
    assert.ok(await until("room", room, 20_000));
    for (const follower of followers) follower.close();
  });

  test("is no WebSocket for a page that is not listed", async () => {
    const { path } = conversation(pair);
    const { hostname, port } = new URL(relay.url);
    const status = (origin) =>
      new Promise((resolve, reject) => {
        const headers = {
          ...{ authorization: `Bearer ${relay.key}`, origin, connection: "Upgrade", upgrade: "websocket" },
          ...{ "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", "sec-websocket-version": "13" },
        };
        const call = request({ hostname, port, path: `${path}/stream`, headers });
        call.on("response", (answer) => resolve(answer.resume().statusCode));
        call.on("upgrade", (_, socket) => resolve(101) ?? socket.destroy());
        call.on("error", reject).end();
      });
    assert.equal(await status("https://evil.example"), 403);
    assert.equal(await status(relay.url), 101);
  });

  test("is a WebSocket for whoever asks for one: frames, as they are wished for", async () => {
    const { id, stream, say, reply } = conversation(pair);
    await say("event");
    const socket = await openSocket(`${stream}?after=0`, relay.key);
    const first = await socket.next();
    assert.deepEqual(
      first.map(({ event }) => event),
      ["event", "state"],
    );
    assert.equal(first[1].data.platformConversationId, id);
    await reply("one");
    await reply("two");
    assert.equal(socket.waiting(), 0, "nothing comes that was not asked for");
    socket.send({ after: first[1].id });
    const second = await socket.next();
    assert.deepEqual(
      second.map(({ data }) => data.reply.text),
      ["one", "two"],
    );
    socket.sendText("ping");
    assert.equal(await socket.nextText(), "pong");
    socket.send({ after: first[0].id });
    assert.deepEqual(
      (await socket.next()).map(({ data }) => data.code),
      ["not-understood"],
    );
    assert.equal(await socket.closed, 1008);
  });
});

// The runtime takes its time for an eviction, and nothing else moves meanwhile.
describe("a stream whose object is evicted", () => {
  let pair;
  before(async () => {
    pair = await startPair();
    await pair.emulator.admin("/script", { method: "PUT", body: { rules: [] } });
  });
  after(() => pair.stop());

  for (const webSockets of ["hibernate", "close"]) {
    test(`goes on through an eviction that leaves sockets to ${webSockets}`, async () => {
      const { id, say, reply, follow } = conversation(pair);
      await say("event");
      const follower = follow();
      const expected = [];
      for (let round = 0; round < 3; round += 1) {
        await followed(follower, "state", 1);
        await pair.relay.evict("Conversation", objectName(id), webSockets);
        expected.push(`reply ${round}`);
        await reply(`reply ${round}`);
        await followed(follower, "reply", round + 1);
      }
      follower.close();
      assert.deepEqual(replies(follower.frames), expected);
      assertInOrder(follower.frames);
      assert.equal(follower.connections.length, webSockets === "close" ? 4 : 1);
    });
  }
});

test("a stream goes past states of events whose words have gone", async () => {
  const pair = await startPair({ relay: { RETENTION_HOURS: String(2 / 3600) } });
  try {
    await pair.emulator.admin("/script", { method: "PUT", body: { rules: [] } });
    const { say, reply, follow } = conversation(pair);
    for (let count = 0; count < 105; count += 1) assert.equal((await say(`${count}`)).status, 200);
    await until("the words to go", async () => {
      const { frames, close } = follow();
      await new Promise((resolve) => setTimeout(resolve, 500));
      close();
      return frames.length === 0;
    });
    const follower = follow();
    await reply("still heard");
    await followed(follower, "reply", 1);
    follower.close();
  } finally {
    await pair.stop();
  }
});

describe("a stream over a longer time", { concurrency: true }, () => {
  test("says that its time is over, and is taken up again", async () => {
    const pair = await startPair({ relay: { STREAM_SECONDS: "2" } });
    try {
      const follower = follow(`${pair.relay.url}/conversations/c/stream`, pair.relay.key);
      await pair.relay.send('{"platformConversationId":"c","text":"Hello"}');
      await until("two ends", () => follower.frames.filter(({ kind }) => kind === "end").length >= 2, 15_000);
      follower.close();
      assert.ok(
        follower.frames.filter(({ kind }) => kind === "end").every(({ data }) => data.code === "time-over"),
      );
      assertInOrder(follower.frames);
      assert.equal(follower.frames.filter(({ kind }) => kind === "event").length, 1);
      assert.equal(follower.connections[1], String(follower.frames.filter(({ id }) => id).at(-1).id));
    } finally {
      await pair.stop();
    }
  });

  test("stays through half a minute of silence, in which there are signs of life", async () => {
    const pair = await startPair();
    try {
      await pair.relay.send('{"platformConversationId":"c","text":"Hello"}');
      const follower = follow(`${pair.relay.url}/conversations/c/stream`, pair.relay.key);
      const reader = slowReader(new URL(`${pair.relay.url}/conversations/c/stream`), pair.relay.key);
      await new Promise((resolve) => setTimeout(resolve, 33_000));
      assert.equal(reader.text().match(/^:$/gm)?.length, 2);
      const seen = follower.frames.length;
      await pair.relay.send('{"platformConversationId":"c","text":"Still there?"}');
      await until("the event", () => follower.frames.length > seen);
      follower.close();
      reader.close();
      assert.equal(follower.connections.length, 1);
      assertInOrder(follower.frames);
    } finally {
      await pair.stop();
    }
  });
});

/** Reads a stream by hand, a little at a time. */
function slowReader({ hostname, port, pathname }, key) {
  const socket = connect({ host: hostname, port, readableHighWaterMark: 4096 });
  let raw = Buffer.alloc(0);
  socket.write(
    `GET ${pathname} HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: Bearer ${key}\r\n\r\n`,
  );
  socket.on("data", (chunk) => {
    raw = Buffer.concat([raw, chunk]);
    socket.pause();
    setTimeout(() => socket.resume(), 20);
  });
  const text = () => unchunked(raw).toString();
  const frames = () => text().split("\n\n").slice(0, -1).flatMap(parsed);
  const close = () => socket.destroy();
  return {
    text,
    close,
    async frames(isDone) {
      await until("all frames", () => isDone(frames()), 25_000);
      close();
      return frames();
    },
  };
}

/** The body of an answer in HTTP's chunks, as far as it has come. */
function unchunked(raw) {
  let rest = raw.subarray(raw.indexOf("\r\n\r\n") + 4);
  const parts = [];
  for (;;) {
    const end = rest.indexOf("\r\n");
    const size = end > 0 ? parseInt(rest.subarray(0, end).toString(), 16) : 0;
    if (!size || rest.length < end + 2 + size) return Buffer.concat(parts);
    parts.push(rest.subarray(end + 2, end + 2 + size));
    rest = rest.subarray(end + 4 + size);
  }
}

function parsed(block) {
  const fields = block.split("\n").map((line) => [line.split(":", 1)[0], line.replace(/^[^:]*: ?/, "")]);
  const all = (name) => fields.filter(([field]) => field === name).map(([, value]) => value);
  const data = all("data").join("\n");
  return data === "" ? [] : [{ id: Number(all("id")[0]), kind: all("event")[0], data: JSON.parse(data) }];
}

/** A WebSocket, message by message. */
async function openSocket(url, key) {
  const socket = new WebSocket(url.replace("http", "ws"), { headers: { authorization: `Bearer ${key}` } });
  const heard = [];
  socket.addEventListener("message", ({ data }) => heard.push(data));
  const closed = new Promise((resolve) => socket.addEventListener("close", ({ code }) => resolve(code)));
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", reject);
  });
  const nextText = async () => {
    await until("a message", () => heard.length > 0);
    return heard.shift();
  };
  return {
    closed,
    nextText,
    next: async () => JSON.parse(await nextText()),
    waiting: () => heard.length,
    send: (wish) => socket.send(JSON.stringify(wish)),
    sendText: (text) => socket.send(text),
  };
}
