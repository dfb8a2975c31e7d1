// Options that are wrong: each is refused at once, by its name, and nothing is sent.

import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { TicketClient, TicketwireError } from "../../pkg/dist/index.js";

const EVENT = { platformConversationId: "c" };
const RELAY = { baseURL: "https://relay.example.com", token: "token" };
const DIRECT = { apiKey: "key", botId: "bot" };

const calls = [];
const fetch = async (url, init) => {
  calls.push({ url, ...init });
  return new Response(null, { headers: { "x-request-id": "request" } });
};
afterEach(() => calls.splice(0));

const refusal = (name) => (error) => {
  assert.ok(error instanceof TicketwireError, error.stack);
  assert.equal(error.code, "invalid-options");
  assert.match(error.message, new RegExp(`option ${name} .*expected`));
  return true;
};

/** Texts that no header can carry, and what is no text. */
const NO_HEADERS = [
  "",
  " ",
  "two words",
  "Bearer x",
  "line\n",
  "é",
  "\u{1f600}",
  "\0",
  "\x7f",
  7,
  null,
  {},
  ["a"],
];
const NO_URLS = [
  undefined,
  null,
  "",
  "relay.example.com",
  "http://relay.example.com",
  "http://127.0.0.1.example.com",
  "http://localhost.example.com",
  "http://127.0.0.1@example.com",
  "ftp://localhost",
  "file:///etc/hosts",
  "javascript:alert(1)",
  "https://user@example.com",
  "https://user:password@example.com",
  "https://example.com/?key=1",
  "https://example.com/#part",
  {},
];
const NO_COUNTS = [-1, 0.5, NaN, Infinity, -Infinity, 2 ** 31, "2", false, true, [], 1n, {}];

describe("of a client", () => {
  const cases = [
    ...NO_URLS.map((baseURL) => ["baseURL", { ...RELAY, baseURL }]),
    ...NO_URLS.slice(2).map((baseURL) => ["baseURL", { ...DIRECT, baseURL }]),
    ...[undefined, ...NO_HEADERS].map((token) => ["token", { ...RELAY, token }]),
    ...[undefined, ...NO_HEADERS].map((apiKey) => ["apiKey", { ...DIRECT, apiKey }]),
    ...[undefined, ...NO_HEADERS].map((botId) => ["botId", { ...DIRECT, botId }]),
    ...NO_HEADERS.filter(Boolean).map((organizationId) => ["organizationId", { ...DIRECT, organizationId }]),
    ...["de", "__proto__", "constructor", 1].map((region) => ["region", { ...DIRECT, region }]),
    ...[RELAY, DIRECT].flatMap((way) => [
      ...NO_COUNTS.map((maxRetries) => ["maxRetries", { ...way, maxRetries }]),
      ...[0, ...NO_COUNTS].map((timeoutMs) => ["timeoutMs", { ...way, timeoutMs }]),
    ]),
  ];
  for (const [name, options] of cases) {
    test(`${name}: ${show(options[name])}, ${options.botId ? "straight" : "through a relay"}`, () => {
      assert.throws(() => new TicketClient({ ...options, fetch }), refusal(name));
    });
  }

  test("no fetch", () => {
    const { fetch: own } = globalThis;
    globalThis.fetch = undefined;
    try {
      assert.throws(() => new TicketClient(RELAY), { code: "no-fetch" });
    } finally {
      globalThis.fetch = own;
    }
  });
});

describe("of a call", () => {
  const client = new TicketClient({ ...RELAY, fetch });
  const cases = [
    ...NO_HEADERS.filter((key) => key !== null).map((key) => ["idempotencyKey", key]),
    ...NO_HEADERS.map((botId) => ["botId", botId]),
    ...NO_COUNTS.map((maxRetries) => ["maxRetries", maxRetries]),
    ...[0, ...NO_COUNTS].map((timeoutMs) => ["timeoutMs", timeoutMs]),
  ];
  for (const [name, value] of cases) {
    test(`${name}: ${show(value)}`, async () => {
      await assert.rejects(client.send(EVENT, { [name]: value }), refusal(name));
      if (name !== "idempotencyKey")
        await assert.rejects(client.conversation("c", { [name]: value }), refusal(name));
      assert.equal(calls.length, 0);
    });
  }

  for (const [name, value] of [
    ...["", "streams", "Poll", 1, null].map((mode) => ["mode", mode]),
    ...[0, ...NO_COUNTS].map((pollMs) => ["pollMs", pollMs]),
    ...NO_HEADERS.map((botId) => ["botId", botId]),
  ]) {
    test(`${name} of who follows: ${show(value)}`, () => {
      assert.throws(() => client.replies("c", { [name]: value }), refusal(name));
      assert.throws(() => client.changes("c", { [name]: value }), refusal(name));
      assert.equal(calls.length, 0);
    });
  }

  for (const id of ["\ud800", "", ".", "..", 5, undefined, null, {}]) {
    test(`an id that no URL can carry: ${show(id)}`, async () => {
      for (const ask of ["conversation", "event", "replay"])
        await assert.rejects(client[ask](id), { code: "invalid-options" });
      assert.throws(() => client.replies(id), { code: "invalid-options" });
      assert.equal(calls.length, 0);
    });
  }

  test("nothing at all, and a fetch that is none", () => {
    for (const options of [undefined, null, {}])
      assert.throws(() => new TicketClient(options), { code: "invalid-options" });
    for (const fetch of [1, "fetch", {}])
      assert.throws(() => new TicketClient({ ...RELAY, fetch }), refusal("fetch"));
  });

  for (const value of NO_HEADERS) {
    test(`a token that a function gives: ${show(value)}`, async () => {
      const client = new TicketClient({ ...RELAY, token: async () => value, fetch });
      await assert.rejects(client.send(EVENT), refusal("token"));
      assert.equal(calls.length, 0);
    });
  }
});

describe("what is right goes where it should", () => {
  for (const [baseURL, url] of [
    ["https://relay.example.com", "https://relay.example.com/converse/ticket"],
    ["https://relay.example.com/", "https://relay.example.com/converse/ticket"],
    ["https://relay.example.com/a/b//", "https://relay.example.com/a/b/converse/ticket"],
    ["https://relay.example.com/converse/ticket", "https://relay.example.com/converse/ticket"],
    ["http://localhost:8787", "http://localhost:8787/converse/ticket"],
    ["http://127.0.0.1:8787", "http://127.0.0.1:8787/converse/ticket"],
    ["http://[::1]:8787", "http://[::1]:8787/converse/ticket"],
  ]) {
    test(baseURL, async () => {
      await new TicketClient({ ...RELAY, baseURL, fetch }).send(EVENT);
      const [{ url: called, headers, redirect }] = calls;
      assert.deepEqual([called, headers.authorization, redirect], [url, "Bearer token", "manual"]);
    });
  }

  for (const [region, host] of [
    [undefined, "api.ultimate.ai"],
    ["eu", "api.ultimate.ai"],
    ["us", "api.us.ultimate.ai"],
  ]) {
    test(`straight, in ${region}`, async () => {
      await new TicketClient({ ...DIRECT, region, fetch }).send(EVENT);
      const [{ url, headers }] = calls;
      assert.deepEqual([url, headers.authorization], [`https://${host}/converse/ticket`, "key"]);
    });
  }
});

function show(value) {
  return typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? String(value));
}
