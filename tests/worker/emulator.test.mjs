// The emulator under workerd, spoken to as anyone would: over HTTP, with a webhook to answer to.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../scripts/local.mjs";
import { BOT_ID, EXAMPLE, startEmulator, until } from "./harness.mjs";

const SECRET = "emu_secret_of_the_webhook";

/** A webhook that answers each reply as `answer` says: a status, headers, when. */
async function receive(answer = () => ({})) {
  const got = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    got.push({
      at: Date.now(),
      path: request.url,
      method: request.method,
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    });
    const { status = 200, headers = {}, afterMs = 0 } = await answer(got.length);
    await sleep(afterMs);
    response.writeHead(status, headers).end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}/hook`;
  const texts = () => got.map(({ body }) => JSON.parse(body).text);
  const stop = () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections()));
  return { url, got, texts, stop };
}

let emulator;
const open = [];

async function webhook(answer, members = {}) {
  const receiver = await receive(answer);
  open.push(receiver);
  const { status } = await emulator.admin("/webhook", {
    method: "PUT",
    body: { url: receiver.url, secret: SECRET, ...members },
  });
  assert.equal(status, 200);
  return receiver;
}

const event = (members = {}) =>
  JSON.stringify({ platformConversationId: "case-1", text: "thanks", platform: "PUBLIC_API", ...members });

const post = (body, headers = {}, options = {}) =>
  fetch(`${emulator.url}/converse/ticket`, {
    method: "POST",
    body,
    headers: { authorization: emulator.key, botid: BOT_ID, "content-type": "application/json", ...headers },
    ...options,
  });

async function journal(query = "") {
  const { status, body } = await emulator.admin(`/journal${query}`);
  assert.equal(status, 200);
  return body.entries;
}

/** What a caller sees: a status, or that the connection was closed. */
const outcome = (body = event()) =>
  post(body).then(
    ({ status }) => status,
    ({ cause }) => (["UND_ERR_SOCKET", "ECONNRESET"].includes(cause?.code) ? "closed" : cause),
  );

const addFault = (body) => emulator.admin("/faults", { method: "POST", body });
const putScript = (body) => emulator.admin("/script", { method: "PUT", body });
const pending = async () => (await emulator.admin("/ready")).body.pendingReplies;
const reply = (text, members = {}) => ({ text, ...members });

/** A script that answers everything with these replies. */
const always = (...replies) => putScript({ rules: [], fallback: { replies } });

before(async () => {
  emulator = await startEmulator({ variables: { EMULATOR_WEBHOOK_URL: "" } });
});

after(() => emulator.stop());

beforeEach(async () => {
  await Promise.all(open.splice(0).map((receiver) => receiver.stop()));
  assert.equal((await emulator.admin("/reset", { method: "POST" })).status, 204);
});

after(() => Promise.all(open.map((receiver) => receiver.stop())));

describe("the endpoint", () => {
  const without = (member) => {
    const body = JSON.parse(event());
    delete body[member];
    return JSON.stringify(body);
  };
  const table = [
    ["an event", event(), {}, 200, null],
    ["the smallest event", without("text"), {}, 200, null],
    ["members that nobody knows", event({ mood: { x: [1] } }), {}, 200, null],
    ["another content type", event(), { "content-type": "text/plain" }, 200, null],
    ["no body", "", {}, 400, "body-not-json"],
    ["half a body", '{"platform":', {}, 400, "body-not-json"],
    ["bytes that are no text", Buffer.from('{"a":"\xff"}', "latin1"), {}, 400, "body-not-json"],
    ["no conversation", without("platformConversationId"), {}, 400, "field-missing"],
    ["no platform", without("platform"), {}, 400, "field-missing"],
    ["a variable without value", event({ metaData: [{ key: "k" }] }), {}, 400, "field-missing"],
    ["a variable that is no string", event({ metaData: [{ key: "k", value: 1 }] }), {}, 400, "field-invalid"],
    ["variables as an object", event({ metaData: { k: "v" } }), {}, 400, "field-invalid"],
    ["a list", '["case-1",null,"PUBLIC_API",[]]', {}, 400, "field-invalid"],
    ["no key", event(), { authorization: "" }, 401, "key-missing"],
    ["another key", event(), { authorization: "emu_other" }, 401, "key-unknown"],
    ["a key of production", event(), { authorization: "live_key" }, 401, "key-not-emu"],
    ["no bot", event(), { botid: "" }, 401, "bot-missing"],
    ["another bot", event(), { botid: "6a1d00000000000000000000" }, 401, "bot-unknown"],
    ["a refused caller with a bad body", "{", { authorization: "emu_other" }, 401, "key-unknown"],
  ];
  for (const [name, body, headers, status, cause] of table) {
    test(`${name}: ${status}`, async () => {
      const response = await post(body, headers);
      assert.equal(response.status, status);
      assert.equal(response.headers.get("x-emulator-cause"), cause);
      assert.equal(response.headers.get("x-emulator"), "1");
      assert.equal(await response.text(), "");
      const [entry] = await journal();
      assert.equal(entry.status, status);
      assert.equal(entry.cause, cause);
    });
  }

  test("the key goes without Bearer", async () => {
    assert.equal((await post(event(), { authorization: `Bearer ${emulator.key}` })).status, 401);
  });

  test("a bot without custom CRM: 403", async () => {
    await emulator.admin(`/bots/${BOT_ID}`, { method: "PUT", body: { customCrm: false } });
    const response = await post(event());
    assert.equal(response.status, 403);
    assert.equal(response.headers.get("x-emulator-cause"), "bot-without-custom-crm");
  });

  test("any other path or method: 404, and no entry in the journal", async () => {
    for (const [method, path] of [
      ["GET", "/converse/ticket"],
      ["OPTIONS", "/converse/ticket"],
      ["PUT", "/converse/ticket"],
      ["POST", "/converse/ticket/"],
      ["POST", "/converse/chat"],
      ["GET", "/__admin"],
    ]) {
      const response = await fetch(emulator.url + path, { method, headers: { authorization: emulator.key } });
      assert.equal(response.status, 404, `${method} ${path}`);
      assert.equal(response.headers.get("x-emulator-cause"), "no-such-endpoint");
      assert.equal(response.headers.get("x-emulator"), "1");
      assert.equal(await response.text(), "");
    }
    assert.deepEqual(await journal(), []);
  });

  test("a query is not part of the path", async () => {
    const response = await fetch(`${emulator.url}/converse/ticket?a=b`, {
      method: "POST",
      body: event(),
      headers: { authorization: emulator.key, botid: BOT_ID },
    });
    assert.equal(response.status, 200);
    assert.equal((await journal())[0].path, "/converse/ticket?a=b");
  });
});

describe("replies", () => {
  test("the documented example is acknowledged at once and answered later", async () => {
    const hook = await webhook();
    const response = await post(EXAMPLE);
    assert.equal(response.status, 200);
    assert.equal(await response.text(), "");
    assert.equal(hook.got.length, 0);
    await until("the reply", () => hook.got.length === 1);
    const [{ method, path, headers, body }] = hook.got;
    assert.equal(method, "POST");
    assert.equal(path, "/hook");
    assert.equal(headers["x-api-key"], SECRET);
    assert.equal(headers["content-type"], "application/json");
    const { conversationId, text, ...members } = JSON.parse(body);
    assert.deepEqual(Object.keys(JSON.parse(body)), [
      "botId",
      "conversationId",
      "platformConversationId",
      "text",
      "predictedIntents",
      "attachments",
    ]);
    assert.match(conversationId, /^[0-9a-f]{32}$/);
    assert.match(text, /shipping address/);
    assert.deepEqual(members, {
      botId: BOT_ID,
      platformConversationId: "f15ee8b6-cf3e-4eaf-bf27-507ded70519a",
      predictedIntents: [
        { value: "6a1d00000000000000000002", name: "change shipping address", confidence: 0.93 },
      ],
      attachments: [],
    });
  });

  test("a conversation keeps the agent's id", async () => {
    const hook = await webhook();
    await always(reply("Hello"));
    for (const id of ["a", "b", "a"]) await post(event({ platformConversationId: id }));
    await until("three replies", () => hook.got.length === 3);
    const ids = hook.got
      .map(({ body }) => JSON.parse(body))
      .map((body) => [body.platformConversationId, body.conversationId]);
    assert.equal(new Set(ids.map(String)).size, 2);
  });

  test("several replies come in their order and at their time", async () => {
    const hook = await webhook();
    await always(reply("1"), reply("2"), reply("3", { delayMs: 400 }), reply("4", { delayMs: 400 }));
    await post(event());
    const acknowledged = Date.now();
    await until("four replies", () => hook.got.length === 4);
    assert.deepEqual(hook.texts(), ["1", "2", "3", "4"]);
    assert.ok(hook.got[1].at - acknowledged < 300, "the second is not delayed");
    assert.ok(hook.got[2].at - acknowledged >= 350, "the third is delayed");
  });

  test("one slow conversation holds up no other", async () => {
    const hook = await webhook((count) => ({ afterMs: count === 1 ? 1500 : 0 }));
    await always(reply("Hello"), reply("again"));
    await post(event({ platformConversationId: "slow" }));
    await until("the slow reply", () => hook.got.length === 1);
    await post(event({ platformConversationId: "quick" }));
    await until("both quick replies", () => hook.got.length === 3, 1000);
    await until("all replies", () => hook.got.length === 4);
    const order = hook.got.map(({ body }) => JSON.parse(body).platformConversationId);
    assert.deepEqual(order, ["slow", "quick", "quick", "slow"]);
  });

  test("a failed one is tried again, with the same bytes", async () => {
    const hook = await webhook((count) => ({ status: count === 1 ? 500 : 200 }));
    await always(reply("Hello"));
    await post(event());
    await until("the second try", () => hook.got.length === 2);
    assert.equal(hook.got[0].body, hook.got[1].body);
    const waited = hook.got[1].at - hook.got[0].at;
    assert.ok(waited >= 900 && waited < 3000, `waited ${waited} ms`);
    await until("nothing pending", async () => (await pending()) === 0);
    const [first, second] = await journal("?kind=webhook");
    assert.deepEqual([first.try, first.status, first.cause], [1, 500, "webhook-failed"]);
    assert.ok(first.nextAt > first.at);
    assert.deepEqual([second.try, second.status, second.cause, second.nextAt], [2, 200, null, null]);
  });

  for (const status of [400, 401, 403, 404]) {
    test(`a webhook that answers ${status} is not asked again`, async () => {
      const hook = await webhook(() => ({ status }));
      await always(reply("Hello"));
      await post(event());
      await until("nothing pending", async () => hook.got.length > 0 && (await pending()) === 0);
      const [entry, ...more] = await journal("?kind=webhook");
      assert.deepEqual([entry.status, entry.cause, entry.nextAt], [status, "webhook-refused", null]);
      assert.deepEqual(more, []);
      assert.equal(hook.got.length, 1);
    });
  }

  test("a redirect is not followed: the secret stays here", async () => {
    const elsewhere = await receive();
    open.push(elsewhere);
    await webhook(() => ({ status: 307, headers: { location: elsewhere.url } }));
    await always(reply("Hello"));
    await post(event());
    const [entry] = await until("the try", async () => {
      const entries = await journal("?kind=webhook");
      return entries[0]?.status && entries;
    });
    assert.deepEqual([entry.status, entry.cause], [307, "webhook-failed"]);
    assert.equal(elsewhere.got.length, 0);
  });

  test("where nothing listens, it is tried again; where there is no webhook, it isn't", async () => {
    await always(reply("Hello"));
    await emulator.admin("/webhook", {
      method: "PUT",
      body: { url: `http://127.0.0.1:${await freePort()}/` },
    });
    await post(event());
    const ended = async () => (await journal("?kind=webhook")).filter(({ cause }) => cause);
    const [unreachable] = await until("the try", async () =>
      (await ended()).length > 0 ? ended() : undefined,
    );
    assert.deepEqual([unreachable.status, unreachable.cause], [null, "webhook-unreachable"]);
    assert.equal(await pending(), 1);
    await emulator.admin("/webhook", { method: "PUT", body: { url: null } });
    await until("nothing pending", async () => (await pending()) === 0);
    assert.deepEqual((await ended()).map(({ cause }) => cause).at(-1), "no-webhook");
  });

  test("without secret there is no header; another header can carry it", async () => {
    const hook = await webhook();
    await always(reply("Hello"));
    await emulator.admin("/webhook", { method: "PUT", body: { url: hook.url } });
    await post(event());
    await until("a reply", () => hook.got.length === 1);
    assert.equal(hook.got[0].headers["x-api-key"], undefined);
    await emulator.admin("/webhook", {
      method: "PUT",
      body: { url: hook.url, secret: SECRET, header: "X-Proof" },
    });
    await post(event());
    await until("a reply", () => hook.got.length === 2);
    assert.equal(hook.got[1].headers["x-proof"], SECRET);
  });

  test("a refused event gets no reply", async () => {
    const hook = await webhook();
    await always(reply("Hello"));
    await post(event(), { authorization: "emu_other" });
    await post(event({ platform: 1 }));
    assert.equal(await pending(), 0);
    assert.equal(hook.got.length, 0);
  });

  test("a value marked sanitize is never repeated", async () => {
    const hook = await webhook();
    await always(reply("{{variable:order_id}} {{variable:customer_id}}"));
    await post(EXAMPLE);
    await until("the reply", () => hook.got.length === 1);
    assert.deepEqual(hook.texts(), ["[order_id] user-9742"]);
  });
});

describe("the journal", () => {
  const sent = async (body) => {
    await post(body);
    const entry = (await journal()).at(-1);
    return { entry, bytes: Buffer.from(entry.bodyBase64, "base64") };
  };

  test("keeps each byte", async () => {
    for (const body of [EXAMPLE, ` \r\n\t${event({ text: "\u0000 Ärger 🎫 \ud83d" })}\n`, "", "not JSON"]) {
      const { entry, bytes } = await sent(body);
      assert.equal(entry.body, body);
      assert.deepEqual(bytes, Buffer.from(body));
    }
    const noText = Buffer.from([0xff, 0xfe, 0, 0x7b]);
    const { entry, bytes } = await sent(noText);
    assert.equal(entry.body, null);
    assert.deepEqual(bytes, noText);
  });

  test("keeps bodies that are larger than a row", async () => {
    const body = event({ text: "ö".repeat(2_500_000) });
    const { entry, bytes } = await sent(body);
    assert.equal(entry.status, 200);
    assert.ok(bytes.equals(Buffer.from(body)));
  });

  test("shows a key of the emulator, and keeps no other", async () => {
    await post(event());
    await post(event(), { authorization: "sk_live_0123456789" });
    const { body } = await emulator.admin("/journal");
    assert.deepEqual(
      body.entries.map(({ headers }) => headers.authorization),
      [emulator.key, "refused: not an emu_ key"],
    );
    assert.ok(!JSON.stringify(body).includes("sk_live"));
    assert.equal(body.entries[0].headers.botid, BOT_ID);
    assert.equal(body.entries[0].method, "POST");
    assert.ok(Math.abs(body.entries[0].at - Date.now()) < 60_000);
  });

  test("shows neither the webhook's secret nor asks for it to be shown", async () => {
    const hook = await webhook();
    await always(reply("Hello"));
    await post(event());
    await until("the reply", () => hook.got.length === 1);
    const { body } = await emulator.admin("/journal");
    assert.ok(!JSON.stringify(body).includes(SECRET));
    const shown = await emulator.admin("/webhook");
    assert.deepEqual(shown.body, { url: hook.url, header: "X-API-Key", proof: "secret", hasSecret: true });
  });

  test("can be filtered and paged", async () => {
    const hook = await webhook();
    await always(reply("Hello"));
    for (const id of ["a", "b", "a"]) await post(event({ platformConversationId: id }));
    await until("nothing pending", async () => hook.got.length === 3 && (await pending()) === 0);
    assert.equal((await journal()).length, 6);
    assert.equal((await journal("?conversation=a")).length, 4);
    const events = await journal("?conversation=a&kind=event");
    assert.deepEqual(
      events.map(({ kind, conversation }) => [kind, conversation]),
      [
        ["event", "a"],
        ["event", "a"],
      ],
    );
    const { body: page } = await emulator.admin("/journal?limit=4");
    assert.equal(page.entries.length, 4);
    assert.equal(page.more, true);
    const { body: rest } = await emulator.admin(`/journal?limit=4&after=${page.entries.at(-1).seq}`);
    assert.equal(rest.entries.length, 2);
    assert.equal(rest.more, false);
    for (const query of ["?kind=tea", "?after=x", "?limit=-", "?tea=1"]) {
      assert.equal((await emulator.admin(`/journal${query}`)).status, 400, query);
    }
  });
});

describe("the journal of a run", () => {
  test("comes as one entry a line, with the same filters, and says whether there is more", async () => {
    for (const id of ["a", "b", "a"]) await post(event({ platformConversationId: id, text: "two\nlines" }));
    const read = async (query) => {
      const response = await fetch(`${emulator.url}/__admin/journal?format=ndjson${query}`);
      assert.equal(response.headers.get("content-type"), "application/x-ndjson");
      const lines = (await response.text()).split("\n");
      assert.equal(lines.pop(), "");
      return {
        more: response.headers.get("x-emulator-more"),
        entries: lines.map((line) => JSON.parse(line)),
      };
    };
    assert.deepEqual(await read(""), { more: "false", entries: await journal() });
    const first = await read("&conversation=a&limit=1");
    assert.deepEqual([first.more, first.entries.length], ["true", 1]);
    const rest = await read(`&conversation=a&after=${first.entries[0].seq}`);
    assert.deepEqual([rest.more, rest.entries.length], ["false", 1]);
    assert.deepEqual(await read("&conversation=nobody"), { more: "false", entries: [] });
    assert.equal((await emulator.admin("/journal?format=tea")).status, 400);
  });

  test("says when an event came, when it was answered, and whether the agent has it", async () => {
    const start = Date.now();
    await addFault({ fault: { kind: "latency", ms: 300 } });
    await post(event());
    await post(event({ platform: 1 }));
    const [late, refused] = await journal();
    assert.ok(late.at >= start && late.endedAt - late.at >= 290 && late.endedAt <= Date.now());
    assert.deepEqual([late.processed, late.faultApplied], [true, { kind: "latency", ms: 300 }]);
    assert.ok(refused.endedAt >= refused.at);
    assert.deepEqual([refused.processed, refused.faultApplied], [false, null]);
  });

  test("keeps as many entries as configured", async () => {
    const worker = await startEmulator({
      variables: { EMULATOR_WEBHOOK_URL: "", EMULATOR_JOURNAL_ENTRIES: "3" },
    });
    try {
      for (let count = 0; count < 5; count += 1)
        await fetch(`${worker.url}/converse/ticket`, { method: "POST", body: event() });
      const { body } = await worker.admin("/journal");
      assert.deepEqual(
        body.entries.map(({ seq }) => seq),
        [3, 4, 5],
      );
      assert.equal(body.entries[0].body, event());
    } finally {
      await worker.stop();
    }
  });
});

describe("proofs", () => {
  const hmac = (key, text) => createHmac("sha256", key).update(text).digest("base64");
  const KEY = Buffer.from("the key behind a standard secret");
  const STANDARD = `whsec_${KEY.toString("base64")}`;

  const PROOFS = {
    secret: {
      secret: SECRET,
      prove: ({ headers }) => headers["x-api-key"] === SECRET,
    },
    zendesk: {
      secret: SECRET,
      prove({ headers, body }) {
        const timestamp = headers["x-zendesk-webhook-signature-timestamp"];
        assert.match(timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        return headers["x-zendesk-webhook-signature"] === hmac(SECRET, timestamp + body);
      },
      sentAt: ({ headers }) => Date.parse(headers["x-zendesk-webhook-signature-timestamp"]),
    },
    "standard-webhooks": {
      secret: STANDARD,
      prove({ headers, body }) {
        assert.match(headers["webhook-timestamp"], /^\d{10}$/);
        const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
        return headers["webhook-signature"] === `v1,${hmac(KEY, signed)}`;
      },
      sentAt: ({ headers }) => Number(headers["webhook-timestamp"]) * 1000,
    },
  };

  const replied = async (proof, answer, fault, count = 1) => {
    const hook = await webhook(answer, { proof, secret: PROOFS[proof].secret });
    await always(reply("Grüße 🎫"));
    if (fault) await addFault({ fault });
    await post(event());
    await until("the replies", () => hook.got.length === count);
    return hook.got;
  };

  for (const [proof, { prove, sentAt, secret }] of Object.entries(PROOFS)) {
    test(`${proof}: right, and neither shown nor kept`, async () => {
      const [got] = await replied(proof);
      assert.ok(prove(got));
      if (sentAt) assert.ok(Math.abs(sentAt(got) - Date.now()) < 10_000);
      assert.equal((await emulator.admin("/webhook")).body.proof, proof);
      const { body } = await emulator.admin("/journal");
      assert.ok(!JSON.stringify(body).includes(secret));
    });

    test(`${proof}: wrong on demand`, async () => {
      const fault = { kind: "reply-wrong-proof" };
      const [got] = await replied(proof, undefined, fault);
      assert.ok(!prove(got));
      const entries = await journal();
      assert.deepEqual(
        entries.map(({ faultApplied }) => faultApplied),
        [fault, fault],
      );
    });

    test(`${proof}: stale on demand`, async () => {
      const [got] = await replied(proof, undefined, { kind: "reply-stale-proof", ms: 7_200_000 });
      assert.ok(prove(got), "signed correctly");
      if (sentAt) assert.ok(Math.abs(Date.now() - 7_200_000 - sentAt(got)) < 10_000);
    });
  }

  test("another try and another copy have the same id", async () => {
    const failing = (count) => ({ status: count === 1 ? 500 : 200 });
    const got = await replied("standard-webhooks", failing, { kind: "reply-twice" }, 3);
    assert.equal(new Set(got.map(({ headers }) => headers["webhook-id"])).size, 1);
    const next = await replied("standard-webhooks");
    assert.notEqual(next[0].headers["webhook-id"], got[0].headers["webhook-id"]);
  });

  test("one that can't be made is refused", async () => {
    for (const members of [
      { proof: "tea" },
      { proof: "zendesk" },
      { proof: "standard-webhooks", secret: SECRET },
    ]) {
      const body = { url: "http://127.0.0.1:1/", ...members };
      const answer = await emulator.admin("/webhook", { method: "PUT", body });
      assert.equal(answer.status, 400);
      assert.equal(answer.body.error.code, "bad-webhook");
    }
  });
});

describe("keys and bots", () => {
  test("a new key kills the old one at once", async () => {
    const { status, body } = await emulator.admin("/keys", { method: "POST" });
    assert.equal(status, 201);
    assert.match(body.key, /^emu_[0-9a-f]{32}$/);
    const old = await post(event());
    assert.equal(old.status, 401);
    assert.equal(old.headers.get("x-emulator-cause"), "key-unknown");
    assert.equal((await post(event(), { authorization: body.key })).status, 200);
    await emulator.admin("/reset", { method: "POST" });
    assert.equal((await post(event())).status, 200);
    assert.equal((await post(event(), { authorization: body.key })).status, 401);
  });

  test("bots come and go", async () => {
    assert.equal(
      (await emulator.admin("/bots/other", { method: "PUT", body: { customCrm: true } })).status,
      200,
    );
    assert.equal((await post(event(), { botid: "other" })).status, 200);
    const listed = await emulator.admin("/bots");
    assert.deepEqual(listed.body.bots, [
      { id: BOT_ID, customCrm: true },
      { id: "other", customCrm: true },
    ]);
    assert.equal((await emulator.admin("/bots/other", { method: "DELETE" })).status, 204);
    assert.equal((await emulator.admin("/bots/other", { method: "DELETE" })).status, 404);
    assert.equal((await post(event(), { botid: "other" })).status, 401);
  });
});

describe("faults", () => {
  test("a status for the next requests, with Retry-After, and nothing processed", async () => {
    const hook = await webhook();
    await always(reply("Hello"));
    const added = await addFault({ fault: { kind: "status", status: 503, retryAfter: 30 }, times: 2 });
    assert.equal(added.status, 201);
    assert.equal(added.body.times, 2);
    for (const left of [1, 0]) {
      const response = await post(event());
      assert.equal(response.status, 503);
      assert.equal(response.headers.get("retry-after"), "30");
      assert.equal(response.headers.get("x-emulator-cause"), "fault");
      assert.equal(await response.text(), "");
      assert.equal((await emulator.admin("/faults")).body.faults.length, left);
    }
    assert.equal(await pending(), 0);
    assert.equal((await post(event())).status, 200);
    const entries = await journal("?kind=event");
    assert.deepEqual(
      entries.map(({ status }) => status),
      [503, 503, 200],
    );
    assert.deepEqual(entries[0].faultApplied, { kind: "status", status: 503, retryAfter: 30 });
    assert.equal(entries[2].faultApplied, null);
    await until("one reply", () => hook.got.length === 1);
  });

  test("in the order in which they were added, once each unless said otherwise", async () => {
    for (const status of [500, 429, 302]) await addFault({ fault: { kind: "status", status } });
    const statuses = [];
    for (let count = 0; count < 4; count += 1)
      statuses.push((await post(event(), {}, { redirect: "manual" })).status);
    assert.deepEqual(statuses, [500, 429, 302, 200]);
  });

  test("always, until cleared", async () => {
    await addFault({ fault: { kind: "status", status: 500 }, times: "always" });
    for (let count = 0; count < 5; count += 1) assert.equal((await post(event())).status, 500);
    const { body } = await emulator.admin("/faults");
    assert.deepEqual([body.faults[0].times, body.faults[0].used], ["always", 5]);
    assert.equal((await emulator.admin("/faults", { method: "DELETE" })).status, 204);
    assert.equal((await post(event())).status, 200);
  });

  test("for one conversation only, even where its event is refused", async () => {
    await addFault({ fault: { kind: "status", status: 500 }, conversation: "b" });
    assert.equal((await post(event({ platformConversationId: "a" }))).status, 200);
    assert.equal((await post("{")).status, 400);
    assert.equal((await post('{"platformConversationId":"b"}')).status, 500);
    assert.equal((await post(event({ platformConversationId: "b" }))).status, 200);
  });

  test("latency: processed, but late", async () => {
    await addFault({ fault: { kind: "latency", ms: 600 } });
    const start = Date.now();
    const late = post(event());
    await sleep(200);
    assert.equal((await journal())[0].status, null);
    assert.equal((await post(event())).status, 200);
    assert.ok(Date.now() - start < 550, "others are not late");
    assert.equal((await late).status, 200);
    assert.ok(Date.now() - start >= 590);
    assert.equal((await journal())[0].status, 200);
  });

  test("latency: processed even where nobody waits for it any more", async () => {
    const hook = await webhook();
    await always(reply("Hello"));
    await addFault({ fault: { kind: "latency", ms: 800 } });
    await assert.rejects(post(event(), {}, { signal: AbortSignal.timeout(300) }), { name: "TimeoutError" });
    await until("the reply", () => hook.got.length === 1, 3000);
    assert.equal((await journal())[0].status, 200);
  });

  test("no answer: neither answered nor processed, and no other request is held up", async () => {
    const hook = await webhook();
    await always(reply("Hello"));
    await addFault({ fault: { kind: "no-answer" } });
    await assert.rejects(post(event(), {}, { signal: AbortSignal.timeout(700) }), { name: "TimeoutError" });
    assert.equal((await post(event())).status, 200);
    await until("one reply", () => hook.got.length === 1);
    const [held, taken] = await journal("?kind=event");
    assert.deepEqual([held.status, held.cause, held.faultApplied], [null, "fault", { kind: "no-answer" }]);
    assert.equal(taken.status, 200);
  });

  test("a script of them: good, good, 503, good", async () => {
    for (const fault of [{ kind: "pass" }, { kind: "pass" }, { kind: "status", status: 503 }]) {
      await addFault({ fault });
    }
    const seen = [];
    for (let count = 0; count < 4; count += 1) seen.push(await outcome());
    assert.deepEqual(seen, [200, 200, 503, 200]);
    assert.deepEqual(
      (await journal()).map(({ faultApplied }) => faultApplied?.kind),
      ["pass", "pass", "status", undefined],
    );
  });

  test("drop: the connection is closed, and nothing processed", async () => {
    await addFault({ fault: { kind: "drop" } });
    assert.equal(await outcome(), "closed");
    const [entry] = await journal();
    assert.deepEqual([entry.status, entry.cause, entry.processed], [null, "fault", false]);
    assert.ok(entry.endedAt >= entry.at);
    assert.equal(await outcome(), 200);
  });

  test("acknowledgement lost: processed and replied to, but the connection is closed", async () => {
    const hook = await webhook();
    await always(reply("Hello"));
    await addFault({ fault: { kind: "ack-lost" } });
    assert.equal(await outcome(), "closed");
    await until("the reply", () => hook.got.length === 1);
    const [entry] = await journal("?kind=event");
    assert.deepEqual([entry.status, entry.cause, entry.processed], [null, "fault", true]);
  });

  test("acknowledgement lost: a gateway answers instead, and late", async () => {
    const hook = await webhook();
    await always(reply("Hello"));
    await addFault({
      fault: [
        { kind: "latency", ms: 300 },
        { kind: "ack-lost", status: 502 },
      ],
    });
    const start = Date.now();
    assert.equal(await outcome(), 502);
    assert.ok(Date.now() - start >= 290);
    await until("the reply", () => hook.got.length === 1);
    const [entry] = await journal("?kind=event");
    assert.deepEqual([entry.status, entry.cause, entry.processed], [502, "fault", true]);
    assert.equal(entry.faultApplied.length, 2);
  });

  test("no reply: acknowledged all the same", async () => {
    await always(reply("Hello"));
    await addFault({ fault: { kind: "no-reply" } });
    assert.equal(await outcome(), 200);
    assert.equal(await pending(), 0);
    assert.equal((await journal())[0].processed, true);
  });

  test("replies that are late let those to the next event overtake them", async () => {
    const hook = await webhook();
    await always(reply("{{variable:n}}"));
    await addFault({ fault: { kind: "reply-late", ms: 700 } });
    for (const value of ["1", "2"]) await post(event({ metaData: [{ key: "n", value }] }));
    const acknowledged = Date.now();
    await until("both replies", () => hook.got.length === 2);
    assert.deepEqual(hook.texts(), ["2", "1"]);
    assert.ok(hook.got[1].at - acknowledged >= 600);
  });

  test("replies come twice, and in reverse", async () => {
    const hook = await webhook();
    await always(reply("1"), reply("2"), reply("3"));
    await addFault({ fault: { kind: "reply-twice" } });
    await addFault({ fault: { kind: "reply-reversed" } });
    for (let count = 0; count < 2; count += 1) await post(event());
    await until("all replies", () => hook.got.length === 9);
    assert.deepEqual(hook.texts(), ["1", "1", "2", "2", "3", "3", "3", "2", "1"]);
    assert.equal(hook.got[0].body, hook.got[1].body);
  });

  test("replies come before the acknowledgement, also where that is lost", async () => {
    const hook = await webhook(() => ({ afterMs: 200 }));
    await always(reply("1"), reply("2", { delayMs: 60_000 }));
    await addFault({ fault: { kind: "reply-before-ack" } });
    await addFault({ fault: [{ kind: "reply-before-ack" }, { kind: "ack-lost" }] });
    for (const [expected, count] of [
      [200, 2],
      ["closed", 4],
    ]) {
      assert.equal(await outcome(), expected);
      assert.equal(hook.got.length, count);
      assert.ok(Date.now() - hook.got[count - 1].at >= 190, "the reply was taken first");
    }
    assert.equal(await pending(), 0);
  });

  test("a reply that fails before the acknowledgement is tried again behind it", async () => {
    const hook = await webhook((count) => ({ status: count === 1 ? 500 : 200 }));
    await always(reply("1"));
    await addFault({ fault: { kind: "reply-before-ack" } });
    assert.equal(await outcome(), 200);
    assert.equal(hook.got.length, 1);
    await until("the second try", () => hook.got.length === 2);
  });

  test("a bad one is refused and told what was expected", async () => {
    for (const body of [
      {},
      { fault: [] },
      { fault: { kind: "tea" } },
      { fault: { kind: "status", status: 99 } },
      { fault: { kind: "no-answer" }, times: 0 },
      { fault: { kind: "no-answer" }, chance: 0 },
      { fault: [{ kind: "drop" }, { kind: "reply-twice" }] },
    ]) {
      const answer = await addFault(body);
      assert.equal(answer.status, 400);
      assert.equal(answer.body.error.code, "bad-fault");
      assert.equal(answer.body.error.problems.length, 1);
    }
    assert.deepEqual((await emulator.admin("/faults")).body.faults, []);
  });
});

describe("chances", () => {
  const setSeed = (seed, worker = emulator) => worker.admin("/seed", { method: "PUT", body: { seed } });
  const chance = (kind, chance, members) => ({
    fault: { kind: "status", ...kind },
    times: "always",
    chance,
    ...members,
  });

  /** The statuses of so many events, one after the other. */
  async function statuses(worker, count) {
    const found = [];
    for (let index = 0; index < count; index += 1) {
      const { status } = await fetch(`${worker.url}/converse/ticket`, {
        method: "POST",
        body: event(),
        headers: { authorization: worker.key, botid: BOT_ID },
      });
      found.push(status);
    }
    return found;
  }

  test("the oldest order that hits applies, the others roll on", async () => {
    await setSeed(1);
    await addFault(chance({ status: 500 }, 0.3));
    await addFault(chance({ status: 503 }, 0.5, { conversation: "case-1" }));
    await addFault(chance({ status: 429 }, 1, { conversation: "elsewhere" }));
    const found = await statuses(emulator, 200);
    const count = (status) => found.filter((other) => other === status).length;
    // 30 %, half of the rest, and the rest.
    assert.ok(Math.abs(count(500) - 60) < 25, String(count(500)));
    assert.ok(Math.abs(count(503) - 70) < 25, String(count(503)));
    assert.equal(count(500) + count(503) + count(200), 200);
    const used = (await emulator.admin("/faults")).body.faults.map((order) => [order.chance, order.used]);
    assert.deepEqual(used, [
      [0.3, count(500)],
      [0.5, count(503)],
      [1, 0],
    ]);
    await setSeed(1);
    assert.deepEqual(await statuses(emulator, 200), found, "the same seed, the same requests");
    await setSeed(2);
    assert.notDeepEqual(await statuses(emulator, 200), found);
  });

  test("an order that misses is not used up", async () => {
    await addFault({ fault: { kind: "status", status: 500 }, times: 2, chance: 0.2 });
    const found = await statuses(emulator, 100);
    assert.equal(found.filter((status) => status === 500).length, 2);
  });

  test("the seed goes from one emulator to another, and over a restart", async () => {
    const persist = await mkdtemp(join(tmpdir(), "ticketwire-emulator-"));
    const lines = [];
    const variables = { EMULATOR_KEY: "emu_dice", EMULATOR_WEBHOOK_URL: "" };
    const first = await startEmulator({ persist, variables, onLog: (line) => lines.push(line) });
    await first.admin("/faults", { method: "POST", body: chance({ status: 500 }, 0.5) });
    const { seed } = (await first.admin("/ready")).body;
    await until("the seed in the log", () => lines.some((line) => line.includes(String(seed))));
    const send = (worker, count) => statuses({ ...worker, key: "emu_dice" }, count);
    const before = await send(first, 20);
    await first.stop();

    const again = await startEmulator({ persist, variables });
    const behind = await send(again, 20);
    assert.equal((await again.admin("/ready")).body.seed, seed);
    await again.stop();
    await rm(persist, { recursive: true, force: true });

    const second = await startEmulator({ variables: { ...variables, EMULATOR_SEED: String(seed) } });
    try {
      for (let count = 0; count < 2; count += 1) {
        assert.equal((await second.admin("/ready")).body.seed, seed);
        await second.admin("/faults", { method: "POST", body: chance({ status: 500 }, 0.5) });
        assert.deepEqual(await send(second, 40), [...before, ...behind]);
        await setSeed(7, second);
        await second.admin("/reset", { method: "POST" });
      }
    } finally {
      await second.stop();
    }
  });

  test("what is no seed is refused", async () => {
    assert.deepEqual(await setSeed(5), { status: 200, body: { seed: 5 } });
    for (const seed of [-1, 1.5, "1", null, 2 ** 53]) {
      const { status, body } = await setSeed(seed);
      assert.deepEqual([status, body.error.code], [400, "bad-seed"]);
    }
    assert.equal((await emulator.admin("/ready")).body.seed, 5);
  });
});

describe("the script", () => {
  test("can be read, replaced and read again", async () => {
    const { body: standard } = await emulator.admin("/script");
    assert.ok(standard.rules.length >= 5);
    const script = {
      rules: [
        {
          pattern: "^hello\\b",
          replies: [
            reply("Hello yourself", {
              intents: [{ value: "1", name: "greeting", confidence: 1 }],
              attachments: [{ path: "a/b" }],
            }),
          ],
        },
        { pattern: "quiet", replies: [] },
      ],
    };
    assert.deepEqual(await putScript(script), { status: 200, body: { rules: 2 } });
    assert.deepEqual((await emulator.admin("/script")).body, script);
    const hook = await webhook();
    for (const text of ["HELLO there", "be quiet", "something else"]) await post(event({ text }));
    await until("nothing pending", async () => hook.got.length > 0 && (await pending()) === 0);
    assert.deepEqual(hook.texts(), ["Hello yourself"]);
    const { predictedIntents, attachments } = JSON.parse(hook.got[0].body);
    assert.deepEqual(predictedIntents, [{ value: "1", name: "greeting", confidence: 1 }]);
    assert.deepEqual(attachments, [{ path: "a/b" }]);
  });

  test("a bad one is refused with all that is wrong, and the old one stays", async () => {
    const answer = await putScript({
      rules: [
        { pattern: "(", replies: [] },
        { pattern: "a", replies: [{ text: 1, delay: 2 }] },
      ],
      fallback: [],
    });
    assert.equal(answer.status, 400);
    assert.equal(answer.body.error.code, "bad-script");
    const places = answer.body.error.problems.map(({ at }) => at).sort();
    assert.deepEqual(places, [
      "/fallback",
      "/rules/0/pattern",
      "/rules/1/replies/0/delay",
      "/rules/1/replies/0/text",
    ]);
    assert.ok((await emulator.admin("/script")).body.rules.length >= 5);
  });
});

describe("its own routes", () => {
  test("say what this is, and that it is ready", async () => {
    const response = await fetch(`${emulator.url}/`);
    assert.equal(response.headers.get("x-emulator"), "1");
    const about = await response.json();
    assert.match(about.name, /emulator/);
    assert.ok(about.routes.some(({ method, path }) => method === "POST" && path === "/converse/ticket"));
    const { status, body } = await emulator.admin("/ready");
    assert.equal(status, 200);
    assert.equal(body.ready, true);
    assert.deepEqual(body.problems, []);
  });

  test("say what they take", async () => {
    for (const [method, path, status, code] of [
      ["GET", "/tea", 404, "no-such-route"],
      ["POST", "/script", 405, "wrong-method"],
      ["PUT", "/bots/a%20b", 400, "bad-bot-id"],
      ["PUT", "/bots/a", 400, "bad-bot"],
      ["PUT", "/webhook", 400, "bad-webhook"],
      ["PUT", "/script", 400, "bad-script"],
    ]) {
      const response = await fetch(`${emulator.url}/__admin${path}`, {
        method,
        ...(method !== "GET" && { body: "{" }),
      });
      assert.equal(response.status, status, `${method} ${path}`);
      assert.equal(response.headers.get("x-emulator"), "1");
      const { error } = await response.json();
      assert.equal(error.code, code);
      assert.ok(error.message.length > 10);
      if (status === 405) assert.equal(response.headers.get("allow"), "GET, PUT");
    }
  });

  test("reset goes back to the configured defaults", async () => {
    const hook = await webhook();
    await always(reply("Hello", { delayMs: 400 }));
    await emulator.admin("/keys", { method: "POST" });
    await emulator.admin("/bots/other", { method: "PUT", body: { customCrm: false } });
    const { body } = await emulator.admin("/keys", { method: "POST" });
    assert.equal((await post(event(), { authorization: body.key })).status, 200);
    await addFault({ fault: { kind: "no-answer" }, times: "always" });
    assert.equal(await pending(), 1);
    await emulator.admin("/reset", { method: "POST" });
    assert.equal(await pending(), 0);
    assert.deepEqual(await journal(), []);
    assert.deepEqual((await emulator.admin("/faults")).body.faults, []);
    assert.deepEqual((await emulator.admin("/bots")).body.bots, [{ id: BOT_ID, customCrm: true }]);
    assert.equal((await emulator.admin("/webhook")).body.url, null);
    assert.ok((await emulator.admin("/script")).body.rules.length >= 5);
    assert.equal((await post(event())).status, 200);
    await sleep(600);
    assert.equal(hook.got.length, 0);
  });

  test("reset reaches an event that a fault holds back", async () => {
    await addFault({ fault: { kind: "latency", ms: 400 } });
    const held = post(event());
    await sleep(200);
    await emulator.admin("/reset", { method: "POST" });
    assert.equal((await held).status, 500);
    assert.deepEqual(await journal(), []);
    assert.equal(await pending(), 0);
  });
});

describe("a restart", () => {
  let folder;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "ticketwire-emulator-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test("keeps replies, keys and journal; another configuration starts afresh", async () => {
    const hook = await receive();
    open.push(hook);
    const variables = { EMULATOR_KEY: "emu_first", EMULATOR_WEBHOOK_URL: hook.url };
    const start = (changed) => startEmulator({ persist: folder, variables: { ...variables, ...changed } });
    const send = (worker, key) =>
      fetch(`${worker.url}/converse/ticket`, {
        method: "POST",
        body: event({ text: "Hello" }),
        headers: { authorization: key, botid: BOT_ID },
      });

    const first = await start();
    const { body } = await first.admin("/keys", { method: "POST" });
    const late = { rules: [], fallback: { replies: [reply("late", { delayMs: 1500 })] } };
    await first.admin("/script", { method: "PUT", body: late });
    assert.equal((await send(first, body.key)).status, 200);
    await first.stop();
    assert.equal(hook.got.length, 0);

    // Nothing asks the second for anything: its alarm alone sends the reply.
    const second = await start();
    try {
      await until("the late reply", () => hook.got.length === 1);
      assert.deepEqual(hook.texts(), ["late"]);
      assert.equal((await send(second, "emu_first")).status, 401);
      assert.equal((await send(second, body.key)).status, 200);
      assert.equal((await second.admin("/journal?kind=event")).body.entries.length, 3);
    } finally {
      await second.stop();
    }

    const third = await start({ EMULATOR_KEY: "emu_second" });
    try {
      assert.equal((await send(third, body.key)).status, 401);
      assert.equal((await send(third, "emu_second")).status, 200);
      assert.equal((await third.admin("/journal?kind=event")).body.entries.length, 5);
    } finally {
      await third.stop();
    }
  });

  test("opens what an earlier version wrote", async () => {
    const persist = await mkdtemp(join(tmpdir(), "ticketwire-emulator-"));
    const hook = await receive();
    open.push(hook);
    const variables = { EMULATOR_KEY: "emu_old", EMULATOR_WEBHOOK_URL: hook.url };
    const start = () => startEmulator({ persist, variables });
    const first = await start();
    const { body } = await first.admin("/keys", { method: "POST" });
    const headers = { authorization: body.key, botid: BOT_ID };
    const late = { rules: [], fallback: { replies: [reply("late", { delayMs: 60_000 })] } };
    await first.admin("/script", { method: "PUT", body: late });
    const sent = { method: "POST", body: event({ text: "Hello" }), headers };
    assert.equal((await fetch(`${first.url}/converse/ticket`, sent)).status, 200);
    await first.admin("/faults", { method: "POST", body: { fault: { kind: "status", status: 503 } } });
    await first.stop();

    const files = await readdir(persist, { recursive: true });
    const file = files.find((name) => /[0-9a-f]{64}\.sqlite$/.test(name));
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(join(persist, file));
    database.exec(`
      DROP INDEX fault_conversation; DROP INDEX reply_sending; DROP INDEX journal_conversation;
      DROP INDEX journal_webhook; DROP INDEX journal_event; DROP INDEX journal_open;
      ALTER TABLE fault DROP COLUMN chance; ALTER TABLE reply DROP COLUMN fault;
      ALTER TABLE reply DROP COLUMN message_id; ALTER TABLE journal DROP COLUMN ended_ms;
      ALTER TABLE journal DROP COLUMN processed; DELETE FROM setting WHERE name IN ('seed', 'dice');
      UPDATE reply SET due_ms = 0;
    `);
    database.close();

    const second = await start();
    try {
      assert.equal((await fetch(`${second.url}/converse/ticket`, sent)).status, 503);
      assert.equal((await fetch(`${second.url}/converse/ticket`, sent)).status, 200);
      await until("the late reply", () => hook.got.length === 1);
      const { entries } = (await second.admin("/journal?kind=event")).body;
      assert.deepEqual(
        entries.map(({ status, processed }) => [status, processed]),
        [
          [200, true],
          [503, false],
          [200, true],
        ],
      );
      assert.deepEqual([entries[0].endedAt, typeof entries[1].endedAt], [null, "number"]);
      assert.equal(typeof (await second.admin("/ready")).body.seed, "number");
    } finally {
      await second.stop();
      await rm(persist, { recursive: true, force: true });
    }
  });

  test("a key of production as configuration makes it not ready", async () => {
    const worker = await startEmulator({ variables: { EMULATOR_KEY: "sk_live_0123456789" } });
    try {
      const { status, body } = await worker.admin("/ready");
      assert.equal(status, 503);
      assert.equal(body.ready, false);
      assert.match(body.problems[0], /EMULATOR_KEY/);
      assert.ok(!JSON.stringify(body).includes("sk_live"));
      const response = await fetch(`${worker.url}/converse/ticket`, {
        method: "POST",
        body: event(),
        headers: { authorization: "sk_live_0123456789", botid: BOT_ID },
      });
      assert.equal(response.status, 401);
    } finally {
      await worker.stop();
    }
  });
});
