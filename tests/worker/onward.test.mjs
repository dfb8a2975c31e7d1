// Replies on their way to the CRM's own URL, in workerd.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { freePort } from "../../scripts/local.mjs";
import { BOT_ID, startPair, until } from "./harness.mjs";
import { onDisk } from "./disk.mjs";

const SECRETS = ["whsec_Zmlyc3Qgc2VjcmV0IG9mIHRoZSB0ZXN0IQ==", "whsec_c2Vjb25kIHNlY3JldCBvZiB0aGUgdGVzdA=="];

/** A CRM that takes replies; `answer` decides what it says to each. */
async function startCrm() {
  const taken = [];
  const crm = {
    taken,
    answer: () => 204,
    texts: () => taken.filter(({ status }) => status < 300).map(textOf),
  };
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const call = { url: request.url, headers: request.headers, body, at: Date.now() };
    const status = await crm.answer(call, taken);
    taken.push({ ...call, status });
    response.writeHead(status, { location: "http://127.0.0.1:1/elsewhere", "retry-after": "1" }).end("no");
  });
  const port = await freePort();
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  return Object.assign(crm, {
    url: `http://127.0.0.1:${port}/replies/`,
    stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  });
}

const textOf = ({ body }) => JSON.parse(body).text;

let conversations = 0;

describe("a reply on its way to the CRM", () => {
  let crm;
  let pair;
  before(async () => {
    crm = await startCrm();
    pair = await startPair({ relay: { ONWARD_URL: crm.url, ONWARD_SECRETS: SECRETS.join(" ") } });
    await pair.emulator.admin("/script", { method: "PUT", body: { rules: [] } });
  });
  after(async () => {
    await pair.stop();
    await crm.stop();
  });

  /** A conversation of its own, with an event in it. */
  async function conversation(on = pair) {
    const id = `onward ${(conversations += 1)}`;
    await on.relay.send(JSON.stringify({ platformConversationId: id, text: "Hello" }));
    crm.taken.length = 0;
    crm.answer = () => 204;
    return id;
  }

  const arrived = (...texts) =>
    until("replies", () => texts.every((text) => crm.texts().includes(text)), 20_000);

  test("arrives word for word, signed with each live secret", async () => {
    const id = await conversation();
    const body = `{ "platformConversationId": "${id}",\r\n "botId": "${BOT_ID}", "text": "Grüße \\u0000 😀", "x": 1e2 }`;
    assert.equal((await post(pair, body)).status, 200);
    await arrived("Grüße \u0000 😀");
    const [{ url, headers, body: got }] = crm.taken;
    assert.equal(url, "/replies/");
    assert.equal(got, body);
    assert.equal(headers["content-type"], "application/json");
    for (const secret of SECRETS) assert.equal(new Webhook(secret).verify(got, headers).x, 100);
    const other = new Webhook("whsec_bm90IHRoZSBzZWNyZXQgb2YgdGhlIHRlc3Q=");
    assert.throws(() => other.verify(got, headers));
    const { entries } = await transcript(pair, id);
    assert.equal(headers["webhook-id"], entries[0].id.replace(/-\d+$/, `-${entries[1].seq}`));
  });

  test("is tried again until it arrives, in order, under the same id", async () => {
    const id = await conversation();
    const failures = [404, 302];
    crm.answer = () => failures.shift() ?? 200;
    for (const text of ["1", "2", "3"]) assert.equal((await reply(pair, id, text)).status, 200);
    await arrived("1", "2", "3");
    assert.deepEqual(crm.texts(), ["1", "2", "3"]);
    assert.deepEqual(crm.taken.map(textOf), ["1", "1", "1", "2", "3"]);
    assert.equal(new Set(crm.taken.slice(0, 3).map(({ headers }) => headers["webhook-id"])).size, 1);
  });

  test("is parked where the CRM wants it never again, and can be replayed", async () => {
    const id = await conversation();
    crm.answer = ({ body }) => (JSON.parse(body).text === "unwanted" ? 410 : 200);
    await reply(pair, id, "unwanted");
    await reply(pair, id, "wanted");
    await arrived("wanted");
    const listed = await until("the list", async () => {
      const { events } = await (await pair.relay.get("/parked")).json();
      return events.find(({ platformConversationId }) => platformConversationId === id);
    });
    assert.deepEqual(
      [listed.kind, listed.state, listed.lastTry.code, listed.lastTry.onwardStatus],
      ["reply", "parked", "onward-gone", 410],
    );
    assert.match(listed.lastTry.detail, /ONWARD_URL/);
    assert.deepEqual(await (await pair.relay.get(`/events/${listed.id}`)).json(), listed);
    crm.answer = () => 200;
    const headers = { authorization: `Bearer ${pair.relay.key}` };
    const replay = () => fetch(`${pair.relay.url}/events/${listed.id}/replay`, { method: "POST", headers });
    const replayed = await replay();
    assert.deepEqual([replayed.status, (await replayed.json()).state], [200, "delivered"]);
    assert.deepEqual(crm.texts(), ["wanted", "unwanted"]);
    assert.equal((await replay()).status, 409);
    await until("the list to be empty", async () => {
      const { events } = await (await pair.relay.get("/parked")).json();
      return !events.some((event) => event.platformConversationId === id);
    });
  });

  test("holds up neither webhooks nor events while the CRM is slow", async () => {
    const id = await conversation();
    crm.answer = () => new Promise((resolve) => setTimeout(resolve, 2_000, 200));
    const start = Date.now();
    assert.equal((await reply(pair, id, "slow")).status, 200);
    const sent = await pair.relay.send(JSON.stringify({ platformConversationId: id, text: "Still here" }));
    assert.equal(sent.status, 200);
    assert.ok(Date.now() - start < 1_500, "neither has waited for the CRM");
    await arrived("slow");
  });

  test("is forgotten with its conversation", async () => {
    const id = await conversation();
    crm.answer = () => 503;
    await reply(pair, id, "forget me");
    await until("a try", () => crm.taken.length > 0);
    const headers = { authorization: `Bearer ${pair.relay.key}` };
    const url = `${pair.relay.url}/conversations/${encodeURIComponent(id)}`;
    assert.equal((await fetch(url, { method: "DELETE", headers })).status, 204);
    const tries = crm.taken.length;
    crm.answer = () => 200;
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    assert.equal(crm.taken.length, tries);
  });

  test("goes on in direct mode, too", async () => {
    const variables = { ONWARD_URL: crm.url, ONWARD_SECRETS: SECRETS[0], DELIVERY: "direct" };
    const direct = await startPair({ relay: variables });
    try {
      await direct.emulator.admin("/script", { method: "PUT", body: { rules: [] } });
      const id = await conversation(direct);
      crm.answer = (_, before) => (before.length === 0 ? 500 : 200);
      await reply(direct, id, "direct");
      await arrived("direct");
      assert.equal(crm.taken.length, 2);
    } finally {
      await direct.stop();
    }
  });
});

test("a reply waits for the CRM through a restart, however long the transcript is kept", async (t) => {
  const { startOn } = await onDisk(t);
  const webhookSecret = "webhook_secret_of_a_test";
  const variables = { ONWARD_SECRETS: SECRETS[0], RETENTION_HOURS: String(1 / 3600) };
  const relay = await startOn({ ...variables, ONWARD_URL: `http://127.0.0.1:${await freePort()}/` });
  await relay.send('{"platformConversationId":"c","text":"Hello"}');
  assert.equal((await reply({ relay, webhookSecret }, "c", "after the restart")).status, 200);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  await relay.stop();
  const crm = await startCrm();
  t.after(() => crm.stop());
  await startOn({ ...variables, ONWARD_URL: crm.url });
  await until("the reply", () => crm.texts().includes("after the restart"), 20_000);
});

test("a reply for which there is no CRM any more waits for a day, and is heard of", async (t) => {
  const { startOn } = await onDisk(t);
  const webhookSecret = "webhook_secret_of_a_test";
  const onward = { ONWARD_URL: `http://127.0.0.1:${await freePort()}/`, ONWARD_SECRETS: SECRETS[0] };
  const before = await startOn(onward);
  await before.send('{"platformConversationId":"c","text":"Hello"}');
  assert.equal((await reply({ relay: before, webhookSecret }, "c", "left over")).status, 200);
  await before.stop();
  const log = [];
  const relay = await startOn({}, { onLog: (line) => log.push(line) });
  const waits = (line) => line.includes('"reply-waits"') && line.includes('"onward-unreachable"');
  await until("the log", () => log.some(waits), 20_000);
  const [event, left] = (await transcript({ relay }, "c")).entries;
  const id = event.id.replace(/-\d+$/, `-${left.seq}`);
  const { kind, state } = await (await relay.get(`/events/${id}`)).json();
  assert.deepEqual([kind, state], ["reply", "pending"]);
});

const reply = (pair, platformConversationId, text) =>
  post(pair, JSON.stringify({ botId: BOT_ID, platformConversationId, text }));

const post = ({ relay, webhookSecret }, body) =>
  fetch(`${relay.url}/webhooks/ticket/${webhookSecret}`, { method: "POST", body });

async function transcript({ relay }, id) {
  return (await relay.get(`/conversations/${encodeURIComponent(id)}`)).json();
}
