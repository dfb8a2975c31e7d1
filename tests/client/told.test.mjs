// What the package tells of a call, to hooks, a logger and in errors: what happens, and nothing that is secret
// or a customer's.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { inspect } from "node:util";
import { TicketClient } from "../../pkg/dist/index.js";
import { Canaries } from "../worker/canaries.mjs";
import { startPair } from "../worker/harness.mjs";
import { startGate } from "./gate.mjs";

const canaries = new Canaries();
const ID = canaries.make("conversation");
const EVENT = {
  platformConversationId: ID,
  text: canaries.make("text"),
  metaData: [
    { key: canaries.make("variable's name"), value: canaries.make("value") },
    { key: "email", value: canaries.make("sanitized value"), sanitize: true },
  ],
};
const WRONG_TOKEN = canaries.make("wrong token");
const KEY = canaries.make("idempotency key");

let pair;
let gate;
let told = [];

before(async () => {
  pair = await startPair();
  canaries.add("token", pair.relay.key.slice("relay_".length));
  canaries.add("API key", pair.emulator.key.slice("emu_".length));
  gate = await startGate(pair.relay.url);
});
after(async () => {
  await gate.stop();
  await pair.stop();
});
afterEach(() => {
  gate.clear();
  told = [];
});

const tell = (name) => (call) => void told.push([name, call]);
const hooks = { onRequest: tell("onRequest"), onResponse: tell("onResponse"), onRetry: tell("onRetry") };
const logger = {
  debug: (...what) => void told.push(["debug", ...what]),
  warn: (...what) => void told.push(["warn", ...what]),
};
const ANY = { baseURL: "http://127.0.0.1:9", token: "nobody", maxRetries: 0 };

const through = (options = {}) =>
  new TicketClient({ baseURL: gate.url, token: pair.relay.key, hooks, logger, ...options });

/** All that anybody could print of these. */
const printed = (what) => inspect(what, { depth: 20, showHidden: true, maxStringLength: null });

test("what happens to a call is told, in its order", async () => {
  gate.next({ status: 503, headers: { "retry-after": "0" } });
  await through({ logger: undefined }).send(EVENT);
  const call = { method: "POST", route: "send" };
  const durations = told.flatMap(([, { durationMs }]) => durationMs ?? []);
  assert.ok(durations.length === 2 && durations.every((ms) => ms >= 0 && ms < 10_000), durations.join());
  told.forEach(([, one]) => delete one.durationMs);
  assert.deepEqual(told, [
    ["onRequest", { ...call, attempt: 1 }],
    ["onResponse", { ...call, attempt: 1, status: 503 }],
    ["onRetry", { ...call, attempt: 1, code: "status-503", waitMs: 0 }],
    ["onRequest", { ...call, attempt: 2 }],
    ["onResponse", { ...call, attempt: 2, status: 200 }],
  ]);
});

test("a logger is told the same: what is tried again, as a warning", async () => {
  gate.next("cut");
  await through({ hooks: undefined }).send(EVENT);
  assert.deepEqual(
    told.map(([level, message]) => [level, message]),
    [
      ["debug", "ticketwire: onRequest"],
      ["warn", "ticketwire: onRetry"],
      ["debug", "ticketwire: onRequest"],
      ["debug", "ticketwire: onResponse"],
    ],
  );
  assert.equal(told[1][2].code, "network-failed");
});

test("each kind of call has a name, without what is somebody's own", async () => {
  const client = through({ logger: undefined });
  const { id } = await client.send(EVENT);
  await client.event(id);
  await client.conversation(ID);
  await client.replies(ID).return();
  for await (const _ of client.changes(ID)) break;
  const routes = told.filter(([name]) => name === "onRequest").map(([, { route }]) => route);
  assert.deepEqual(routes, ["send", "event", "conversation", "follow"]);
});

for (const [how, fail] of Object.entries({
  throws: () => {
    throw new Error("of the hook's own");
  },
  "throws what is no error": () => {
    throw undefined;
  },
  "rejects later": async () => {
    throw new Error("of the hook's own");
  },
  "is thenable, and throws": () => ({
    then: () => {
      throw new Error("of the hook's own");
    },
  }),
})) {
  test(`whoever looks on and ${how} brings nothing down, nor keeps others from looking`, async () => {
    gate.next({ status: 500, headers: { "retry-after": "0" } });
    const failing = Object.fromEntries(Object.keys(hooks).map((name) => [name, fail]));
    await through({ hooks: failing, logger: { debug: fail, warn: fail } }).send(EVENT);
    gate.next({ status: 500, headers: { "retry-after": "0" } });
    await through({ logger: { debug: fail, warn: fail } }).send(EVENT);
    assert.equal(told.filter(([name]) => name === "onRetry").length, 1);
    // What nobody handles would be noticed by now.
    await new Promise((resolve) => setTimeout(resolve, 20));
  });
}

/** Whatever can go wrong, with all that is secret in it. */
const failures = {
  "a refused token": () => through({ token: WRONG_TOKEN }).send(EVENT),
  "an event that is not valid": () => through().send({ ...EVENT, text: 7, metaData: [{ key: EVENT.text }] }),
  "an event that the relay refuses": () => {
    const swap = (url, init) =>
      fetch(url, { ...init, body: JSON.stringify({ ...EVENT, text: [EVENT.text] }) });
    return through({ fetch: swap }).send(EVENT);
  },
  "a key used twice": async () => {
    await through().send(EVENT, { idempotencyKey: KEY });
    return through().send({ ...EVENT, text: "other" }, { idempotencyKey: KEY });
  },
  "failures until the end": () => {
    gate.next(...[1, 2, 3].map(() => ({ status: 503, body: EVENT.text, headers: { "retry-after": "0" } })));
    return through().send(EVENT);
  },
  "lost connections": () => {
    gate.next("cut");
    return through({ maxRetries: 0 }).send(EVENT);
  },
  "nobody there": () => new TicketClient({ ...ANY, token: WRONG_TOKEN, hooks, logger }).send(EVENT),
  "no answer": () => {
    gate.next("hold");
    return through({ timeoutMs: 50, maxRetries: 0 }).send(EVENT);
  },
  "a redirect": () => {
    gate.next({ status: 307, headers: { location: `/${EVENT.text}` }, body: EVENT.text });
    return through().send(EVENT);
  },
  "an answer that repeats what was written": () => {
    gate.next({ status: 200, body: `${EVENT.text} ${KEY}` });
    return through().conversation(ID);
  },
  "a problem that is nobody's": () => {
    gate.next({ status: 400, body: JSON.stringify({ code: EVENT.text, title: ID, detail: KEY }) });
    return through().send(EVENT);
  },
  "a stream that repeats what was written": () => {
    const headers = { "content-type": "text/event-stream" };
    gate.next({ status: 200, headers, body: `data: ${EVENT.text}\n\n` });
    return through().replies(ID).next();
  },
  "a conversation that is not there": () => through().conversation(EVENT.text),
  "an event that is not there": () => through().event(EVENT.text),
  "a token that a header can't carry": () => through({ token: () => `${WRONG_TOKEN}\n` }).send(EVENT),
  "a key that a header can't carry": () => through().send(EVENT, { idempotencyKey: `${KEY}\n` }),
  "a bot that a header can't carry": () => through().send(EVENT, { botId: `${KEY}\u{1f600}` }),
  "an API key that a header can't carry": async () =>
    new TicketClient({ apiKey: `Bearer ${WRONG_TOKEN}`, botId: "b", baseURL: gate.url }),
  "a URL with a password": async () => new TicketClient({ ...ANY, baseURL: `https://u:${KEY}@example.com` }),
};

for (const [name, fail] of Object.entries(failures)) {
  test(`${name}: neither a secret nor a customer's word is told`, async () => {
    const error = await fail().then(
      () => assert.fail("it should fail"),
      (error) => error,
    );
    assert.equal(error.name, "TicketwireError", error.stack);
    const all = printed([told, error, error.stack, error.cause, JSON.stringify(error)]);
    assert.deepEqual([...canaries.kindsIn(all)], [], all);
  });
}

test("what is looked for would be found", () => {
  const all = printed([EVENT, pair.relay.key, pair.emulator.key, WRONG_TOKEN, KEY]);
  assert.deepEqual(canaries.kindsIn(all), new Set(canaries.kinds()));
});
