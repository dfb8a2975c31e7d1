// Everything that callers, the agent and strangers do to a relay: right, wrong, and while the API fails.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { badCalls, badEvents, badReplies, badRequests, badWishes, preflight } from "./bad_requests.mjs";
import {
  ORIGIN,
  SECRETS,
  STRANGE,
  badTokens,
  canaries,
  customer,
  eventOf,
  make,
  replyOf,
  sign,
} from "./customers.mjs";
import { BOT_ID } from "./harness.mjs";

const REFUSED = { ...customer("refused: "), member: make("refused: unknown member") };
export const OTHER_BOT = make("bot");

/** What can go wrong at the API, in a conversation each. */
const FAULTS = [
  { kind: "pass" },
  { kind: "latency", ms: 100 },
  ...[302, 404, 413, 422, 429, 500].map((status) => ({ kind: "status", status, retryAfter: 1 })),
  { kind: "no-answer" },
  { kind: "drop" },
  { kind: "ack-lost" },
  { kind: "ack-lost", status: 504 },
  { kind: "no-reply" },
  { kind: "reply-late", ms: 100 },
  { kind: "reply-twice" },
  { kind: "reply-reversed" },
  { kind: "reply-before-ack" },
  { kind: "reply-wrong-proof" },
  { kind: "reply-stale-proof" },
];

/** Whose conversations there are, each where it is kept; and of these who is to be forgotten. */
export const customers = [];
export const deleted = [];

/** Sends an event that is all right. */
async function tell(relay, who, headers = {}) {
  customers.push({ relay: relay.name, who });
  const botid = who.bot === BOT_ID ? {} : { botid: who.bot };
  return relay.send(eventOf(who), { ...botid, ...headers });
}

async function meet({ emulator }, who, fault, rest = {}) {
  const order = { fault, conversation: who.id, ...rest };
  assert.equal((await emulator.admin("/faults", { method: "POST", body: order })).status, 201);
}

async function sendBad(relay) {
  for (const [name, body] of Object.entries(badEvents(REFUSED))) {
    assert.ok((await relay.send(body)).status >= 400, name);
  }
  for (const [name, body] of Object.entries(badReplies(REFUSED))) {
    const { status } = await relay.post(`/webhooks/ticket/${SECRETS.webhook[0]}`, body);
    assert.ok(status >= 400, name);
  }
  for (const body of badCalls(REFUSED, STRANGE, SECRETS.relay[0])) {
    const { status, text } = await relay.post("/calls", body);
    assert.ok(status >= 400, text);
  }
  const requests = badRequests(REFUSED, STRANGE, SECRETS.relay[0]);
  await Promise.all(requests.map(([path, options]) => relay.ask(path, options)));
}

const sendThroughFaults = (relay) =>
  Promise.all(
    FAULTS.map(async (fault) => {
      const who = customer();
      await meet(relay.outside, who, fault);
      await tell(relay, who);
      await relay.get(`/conversations/${who.id}`);
    }),
  );

/** The API answers by repeating what it got, with each status. */
export async function sendToEcho(relay) {
  const { outside } = relay;
  for (outside.apiStatus of [400, 401, 403, 307, 429, 500, 200]) {
    await tell(relay, customer());
    await relay.get("/ready");
  }
  outside.apiStatus = undefined;
}

/** Replies, proven in each way. */
async function reply(relay, who) {
  const body = replyOf(who);
  const signed = (secret, text) => createHmac("sha256", secret).update(text).digest("base64");
  const now = new Date().toISOString();
  const seconds = String(Math.floor(Date.now() / 1000));
  const proofs = [
    ...SECRETS.zendesk.map((secret) => ({
      "x-zendesk-webhook-signature": signed(secret, `${now}${body}`),
      "x-zendesk-webhook-signature-timestamp": now,
    })),
    ...SECRETS.standard.map((secret) => {
      const [key, id] = [Buffer.from(secret.slice("whsec_".length), "base64"), make("webhook's id")];
      const signature = `v1,${signed(key, `${id}.${seconds}.${body}`)}`;
      return { "webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": signature };
    }),
    { "x-api-key": SECRETS.webhook[1] },
  ];
  for (const proof of proofs) assert.equal((await relay.post("/webhooks/ticket", body, proof)).status, 200);
  assert.equal((await relay.post(`/webhooks/ticket/${SECRETS.webhook[0]}`, body)).status, 200);
}

/** Reads a conversation in every way, also as it goes on. */
function follow(relay, who) {
  const path = `/conversations/${who.id}`;
  const headers = { authorization: `Bearer ${SECRETS.relay[0]}`, botid: who.bot };
  const socket = new WebSocket(`${relay.url.replace("http", "ws")}${path}/stream`, { headers });
  socket.addEventListener("message", ({ data }) => relay.outside.witness.see("stream", data, "WebSocket"));
  socket.addEventListener("open", () => socket.send(STRANGE.query));
  const closed = new Promise((resolve) => socket.addEventListener("close", resolve));
  closed.then(({ reason }) => relay.outside.witness.see("stream", reason, "the end of a WebSocket"));
  return Promise.all([
    closed,
    relay.get(`${path}/stream`, headers),
    relay.get(`${path}/stream?after=1`, headers),
  ]);
}

/** Says something twice, and something else under the same key. */
async function repeat(relay, who) {
  const headers = { "idempotency-key": make("idempotency key"), botid: who.bot };
  assert.equal((await tell(relay, who, headers)).status, 200);
  const again = await tell(relay, who, { ...headers, prefer: "respond-async" });
  if (relay.name === "direct") return;
  await relay.get(`/events/${again.headers["ticketwire-event"]}`);
  const other = eventOf({ ...REFUSED, id: who.id });
  assert.equal((await relay.send(other, headers)).status, 409);
  const bad = STRANGE.idempotency;
  for (const key of [`${bad} ${bad}`, bad.repeat(20)]) {
    assert.equal((await relay.send(other, { "idempotency-key": key })).status, 400);
  }
}

/** Says and reads in bodies; what stands around them is none of the relay's business. */
async function useCalls(relay, who) {
  const headers = { botid: who.bot };
  const around = { authorization: STRANGE.key, "content-type": `text/${STRANGE.type}` };
  const key = { "idempotency-key": make("idempotency key") };
  const event = { headers: { ...headers, ...key }, body: JSON.parse(eventOf(who)) };
  const sent = await relay.call("/converse/ticket", event, around);
  assert.ok(sent.status < 300, sent.text);
  const read = await relay.call(`/conversations/${who.id}`, { headers }, around);
  assert.equal(read.status, 200, read.text);
  const id = JSON.parse(sent.text).headers["ticketwire-event"];
  if (id) assert.equal((await relay.call(`/events/${id}`, {}, around)).status, 200);
  const wish = { conversation: who.id, bot: who.bot, origin: ORIGIN };
  const granted = await relay.call("/sessions", { body: wish }, around);
  const { token } = JSON.parse(granted.text).body;
  canaries.add("session's token", token.split(".")[2]);
  relay.outside.witness.see("session", granted.text, "seen again, now that it is known");
  const shown = { authorization: `Bearer ${token}` };
  const own = await relay.call(`/conversations/${who.id}`, { headers: shown }, { origin: ORIGIN });
  assert.equal(own.status, 200, own.text);
  const other = await relay.call(`/conversations/${REFUSED.id}`, { headers: shown }, { origin: ORIGIN });
  assert.equal(other.status, 403, other.text);
}

/** Sessions that are good for one conversation, and tokens that are good for nothing. */
async function useSessions(relay, who) {
  const path = `/conversations/${who.id}`;
  const wish = { conversation: who.id, bot: who.bot, origin: ORIGIN };
  const granted = await relay.act("POST", "/sessions", JSON.stringify(wish));
  assert.equal(granted.status, 201, granted.text);
  const { headers } = await relay.ask(path, preflight(STRANGE, { origin: ORIGIN }));
  assert.equal(headers["access-control-allow-origin"], ORIGIN);
  const { token } = JSON.parse(granted.text);
  canaries.add("session's token", token.split(".")[2]);
  relay.outside.witness.see("session", granted.text, "seen again, now that it is known");
  await Promise.all([token, sign(wish, 0), sign(wish, 1)].map((good) => useToken(relay, who, good, wish)));
  for (const bad of badTokens(wish)) {
    const headers = { authorization: `Bearer ${bad}` };
    const refused = [
      relay.get(path, headers),
      relay.send(eventOf(REFUSED), headers),
      relay.ask(`${path}/stream?token=${bad}`),
    ];
    for (const { status, text } of await Promise.all(refused)) assert.equal(status, 401, text);
  }
  for (const body of badWishes(REFUSED)) {
    assert.equal((await relay.act("POST", "/sessions", body)).status, 400, body);
  }
}

async function useToken(relay, who, token, wish) {
  const path = `/conversations/${who.id}`;
  const headers = { authorization: `Bearer ${token}`, origin: ORIGIN };
  const read = await relay.get(path, headers);
  assert.equal(read.status, 200, read.text);
  const sent = await relay.send(eventOf(who), headers);
  assert.ok(sent.status < 300, sent.text);
  const refused = [
    relay.send(eventOf(REFUSED), headers),
    relay.send(eventOf(REFUSED), { ...headers, botid: STRANGE.bot }),
    relay.get(`/conversations/${REFUSED.id}`, headers),
    relay.get(path, { ...headers, origin: `https://${STRANGE.path}.example` }),
    ...["/parked", "/waiting", "/stats"].map((path) => relay.ask(path, { headers })),
    relay.ask("/sessions", { method: "POST", headers, body: JSON.stringify(wish) }),
  ];
  for (const { status, text } of await Promise.all(refused)) assert.equal(status, 403, text);
  const query = `${path}/stream?token=${token}`;
  assert.equal((await relay.ask(query, { headers: { origin: ORIGIN } })).status, 200);
}

/** Somebody of whom an event is delivered, one parked, one waiting, and replies are parked too. */
async function leaveThingsUndone(relay) {
  const who = customer("deleted: ");
  deleted.push({ relay: relay.name, who });
  assert.equal((await tell(relay, who)).status, 200);
  await reply(relay, who);
  for (const [status, times] of Object.entries({ 400: 1, 503: "always" })) {
    await meet(relay.outside, who, { kind: "status", status: Number(status) }, { times });
    await relay.send(eventOf(who));
  }
  assert.equal((await relay.get(`/conversations/${who.id}`)).status, 200);
}

/** Everything that can be done with a key. */
export async function use(relay) {
  await sendBad(relay);
  const kept = [customer(), { ...customer(), bot: OTHER_BOT }];
  const followed = kept.map((who) => follow(relay, who));
  for (const who of kept) {
    await repeat(relay, who);
    await reply(relay, who);
    await useCalls(relay, who);
    await relay.get(`/conversations/${who.id}`, { botid: who.bot });
  }
  await leaveThingsUndone(relay);
  const streams = kept.map((who) => useSessions(relay, who));
  await sendThroughFaults(relay);
  for (const path of ["/parked", "/waiting", "/stats"]) await relay.get(path);
  await Promise.all([...followed, ...streams]);
}
