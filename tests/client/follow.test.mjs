// The package follows a conversation: through lost connections, ends and tokens that expire, and leaves
// nothing behind, however it is left.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { SignJWT } from "jose";
import { TicketClient } from "../../pkg/dist/index.js";
import { secret } from "../../scripts/local.mjs";
import { BOT_ID, startPair, until } from "../worker/harness.mjs";
import { counted } from "./signals.mjs";
import { startWire } from "./wire.mjs";

const SESSION_SECRET = secret("session-secret-of-32-bytes");

let pair;
let wire;
let client;
let conversation = 0;
let id;

before(async () => {
  pair = await startPair({ relay: { SESSION_SECRETS: `a:${SESSION_SECRET}`, STREAM_SECONDS: "3" } });
});
after(() => pair.stop());

beforeEach(async () => {
  wire = await startWire(pair.relay.url);
  client = through({ token: pair.relay.key });
  id = `followed ${(conversation += 1)}/é`;
});

// Whatever happened, nothing of it is left.
afterEach(async () => {
  await until("all connections to be closed", () => wire.open() === 0);
  await wire.stop();
});

/** A client whose every call has a connection of its own, so that what is open is what is in use. */
function through(options) {
  const fetchOnce = (url, init) => fetch(url, { ...init, headers: { ...init.headers, connection: "close" } });
  return new TicketClient({ baseURL: wire.url, fetch: fetchOnce, ...options });
}

const send = (text) => client.send({ platformConversationId: id, text });

/** The agent says something. */
async function say(...texts) {
  for (const text of texts) {
    const body = JSON.stringify({ botId: BOT_ID, platformConversationId: id, text });
    const headers = { "content-type": "application/json" };
    const url = `${pair.relay.url}/webhooks/ticket/${pair.webhookSecret}`;
    const answer = await fetch(url, { method: "POST", body, headers });
    assert.equal(answer.status, 200);
  }
}

/** Goes through replies until one says this. */
async function heardUntil(replies, last) {
  const heard = [];
  for await (const { text } of replies) {
    heard.push(text);
    if (text === last) break;
  }
  return heard;
}

/** Nobody answers by themselves: what is said is what a test says. */
async function open() {
  await pair.emulator.admin("/faults", {
    method: "POST",
    body: { fault: { kind: "no-reply" }, conversation: id },
  });
  await send("begin");
}

async function forget() {
  const headers = { authorization: `Bearer ${pair.relay.key}` };
  const url = `${pair.relay.url}/conversations/${encodeURIComponent(id)}`;
  assert.equal((await fetch(url, { method: "DELETE", headers })).status, 204);
}

describe("what is heard", () => {
  test("replies, first those that are kept, then as they come", async () => {
    await open();
    await say("one", "two");
    const replies = client.replies(id);
    assert.equal((await replies.next()).value.text, "one");
    assert.equal((await replies.next()).value.text, "two");
    const next = replies.next();
    await say("three");
    const { value } = await next;
    assert.equal(value.text, "three");
    assert.deepEqual([value.platformConversationId, value.attachments, value.extra], [id, [], {}]);
    assert.ok(value.atMs <= Date.now() && value.seq > 0);
    await replies.return();
  });

  test("only what is behind a number", async () => {
    await open();
    await say("one", "two", "three");
    const { entries } = await client.conversation(id);
    const [, one] = entries;
    assert.deepEqual(await heardUntil(client.replies(id, { after: one.seq }), "three"), ["two", "three"]);
  });

  test("changes: the event, where it stands, the reply", async () => {
    await open();
    await say("done");
    const types = [];
    for await (const change of client.changes(id)) {
      types.push(change.type === "state" ? change.state : change.type);
      assert.ok(Number.isSafeInteger(change.lastId));
      if (change.type === "reply") break;
    }
    assert.equal(types[0], "event");
    assert.ok(types.includes("delivered"), types.join());
    assert.equal(types.at(-1), "reply");
  });

  test("what comes twice is marked", async () => {
    await open();
    await say("same", "same");
    const replies = client.replies(id);
    const [first, second] = [await replies.next(), await replies.next()].map(({ value }) => value);
    assert.equal(first.repeatOf, undefined);
    assert.equal(second.repeatOf, first.seq);
    await replies.return();
  });
});

describe("lost connections", () => {
  test("nothing is missed or heard twice where the wire is cut again and again", async () => {
    await open();
    const said = Array.from({ length: 40 }, (_, at) => `reply ${at}`);
    const heard = heardUntil(client.replies(id), said.at(-1));
    for (const [at, text] of said.entries()) {
      await say(text);
      if (at % 8 === 3) wire.cut();
      await sleep(80);
    }
    assert.deepEqual(await heard, said);
    assert.ok(wire.connections() > 4, `only ${wire.connections()} connections`);
  });

  test("a stream that has lasted for long enough goes on in the next", async () => {
    await open();
    const heard = heardUntil(client.replies(id), "late");
    await say("early");
    await sleep(4_000);
    await say("late");
    assert.deepEqual(await heard, ["early", "late"]);
  });

  test("who can't be reached is an error in the end", { timeout: 30_000 }, async () => {
    const lost = new TicketClient({ baseURL: "http://127.0.0.1:9", token: "nobody_listens_there" });
    const { signal, abort, listeners } = counted();
    setTimeout(abort, 2_000);
    await assert.rejects(heardUntil(lost.replies(id, { signal }), ""), { code: "aborted" });
    assert.equal(listeners(), 0);
    await assert.rejects(lost.conversation(id, { maxRetries: 1 }), { code: "network-failed" });
  });

  test("a relay that refuses is an error at once", async () => {
    await assert.rejects(heardUntil(through({ token: "wrong_key_of_somebody" }).replies(id), ""), {
      code: "wrong-key",
      status: 401,
    });
  });
});

describe("tokens that expire midway", () => {
  const token = (seconds) =>
    new SignJWT({ aud: "ticketwire", conversation: id, scope: "send read" })
      .setProtectedHeader({ alg: "HS256", kid: "a" })
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
      .sign(new TextEncoder().encode(SESSION_SECRET));

  test("a function is asked again, and the stream goes on", async () => {
    await open();
    let asked = 0;
    const session = through({ token: () => ((asked += 1), token(asked === 1 ? 2 : 60)) });
    const heard = heardUntil(session.replies(id), "after");
    await say("before");
    await sleep(3_500);
    await say("after");
    assert.deepEqual(await heard, ["before", "after"]);
    assert.ok(asked >= 2);
  });

  test("a text can't be renewed, and the error says so", async () => {
    await open();
    const session = through({ token: await token(2) });
    await assert.rejects(heardUntil(session.replies(id), "never"), { code: "token-expired" });
  });

  test("a function that gives what has ended is asked once more, no more", async () => {
    await open();
    let asked = 0;
    const session = through({ token: () => ((asked += 1), token(-10)) });
    await assert.rejects(heardUntil(session.replies(id), "never"), { code: "invalid-token" });
    assert.equal(asked, 2);
    await assert.rejects(session.conversation(id), { code: "invalid-token" });
    assert.equal(asked, 4);
  });

  test("a function that fails is told, with its reason", async () => {
    const cause = new Error("no login");
    const session = through({
      token: () => {
        throw cause;
      },
    });
    await assert.rejects(session.send({ platformConversationId: id }), { code: "token-failed", cause });
    await assert.rejects(heardUntil(session.replies(id), ""), { code: "token-failed", cause });
  });
});

describe("leaving", () => {
  test("the end of the conversation ends the loop", async () => {
    await open();
    const heard = heardUntil(client.replies(id), "never");
    await say("one");
    await sleep(300);
    await forget();
    assert.deepEqual(await heard, ["one"]);
  });

  const ways = {
    break: async (replies) => {
      for await (const _ of replies) break;
    },
    throw: async (replies) => {
      const error = new Error("of the loop's own");
      const loop = async () => {
        for await (const _ of replies) throw error;
      };
      await assert.rejects(loop(), error);
    },
    return: async (replies) => {
      await replies.next();
      assert.deepEqual(await replies.return(), { value: undefined, done: true });
    },
    "return while waiting": async (replies) => {
      await replies.next();
      const next = replies.next();
      await sleep(50);
      await replies.return();
      assert.deepEqual(await next, { value: undefined, done: true });
    },
    "return before anything": async (replies) => {
      await replies.return();
    },
  };
  for (const mode of ["stream", "poll"]) {
    for (const [way, leave] of Object.entries(ways)) {
      test(`${mode}: ${way} leaves no connection, timer or listener`, async () => {
        await open();
        await say("one");
        const before = timers();
        const { signal, listeners } = counted();
        await leave(client.replies(id, { signal, mode, pollMs: 100 }));
        assert.equal(listeners(), 0);
        await until("the connection to be closed", () => wire.open() === 0);
        assert.equal(timers(), before);
      });
    }

    test(`${mode}: a signal ends the loop with an error, and leaves nothing`, async () => {
      await open();
      const { signal, abort, listeners } = counted();
      setTimeout(() => abort("enough"), 300);
      await assert.rejects(heardUntil(client.replies(id, { signal, mode, pollMs: 100 }), "never"), {
        code: "aborted",
        cause: "enough",
      });
      assert.equal(listeners(), 0);
    });
  }

  test("a signal that has ended already opens nothing", async () => {
    const { signal, abort, listeners } = counted();
    abort();
    await assert.rejects(heardUntil(client.replies(id, { signal }), "never"), { code: "aborted" });
    assert.equal(listeners(), 0);
    assert.equal(wire.connections(), 0);
  });
});

describe("where answers come whole", () => {
  const whole = async (url, init) => {
    const answer = await fetch(url, { ...init, headers: { ...init.headers, connection: "close" } });
    if (answer.headers.get("content-type") !== "text/event-stream") return answer;
    await answer.body.cancel();
    return { ok: true, status: 200, type: "basic", headers: answer.headers, body: null };
  };

  test("auto asks again and again, and misses nothing", async () => {
    await open();
    const heard = heardUntil(
      through({ token: pair.relay.key, fetch: whole }).replies(id, { pollMs: 50 }),
      "three",
    );
    await say("one", "two");
    await sleep(200);
    await say("three");
    assert.deepEqual(await heard, ["one", "two", "three"]);
  });

  test("whoever insists on a stream is told", async () => {
    await open();
    const replies = through({ token: pair.relay.key, fetch: whole }).replies(id, { mode: "stream" });
    await assert.rejects(heardUntil(replies, ""), { code: "not-streamed" });
  });

  test("who asks before the first event waits for it", async () => {
    const heard = heardUntil(client.replies(id, { mode: "poll", pollMs: 50 }), "one");
    await sleep(200);
    await open();
    await say("one");
    assert.deepEqual(await heard, ["one"]);
  });

  test("more than one page", async () => {
    await open();
    const said = Array.from({ length: 130 }, (_, at) => `reply ${at}`);
    await say(...said);
    assert.deepEqual(await heardUntil(client.replies(id, { mode: "poll", pollMs: 50 }), said.at(-1)), said);
  });
});

const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;

describe("a relay that ends each stream at once", () => {
  for (const [code, token] of [
    ["time-over", "token"],
    ["token-expired", () => "token"],
    ["interrupted", "token"],
  ]) {
    test(`with ${code}, is not asked over and over`, async () => {
      let asked = 0;
      const headers = { "content-type": "text/event-stream" };
      const fetch = async () => {
        asked += 1;
        return new Response(`event: end\ndata: {"code":"${code}","detail":"x"}\n\n`, { headers });
      };
      const leave = new AbortController();
      setTimeout(() => leave.abort(), 700);
      const following = through({ token, fetch }).replies("c", { signal: leave.signal }).next();
      await assert.rejects(following, ({ code }) => ["aborted", "token-expired"].includes(code));
      assert.ok(asked > 0 && asked <= 3, `${asked} times`);
    });
  }
});
