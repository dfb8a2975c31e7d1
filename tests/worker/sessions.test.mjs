// Sessions, in workerd, against tokens that the `jose` package makes and reads.

import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { SignJWT, UnsecuredJWT, jwtVerify } from "jose";
import { BOT_ID, startPair, until } from "./harness.mjs";
import { follow } from "./follower.mjs";
import { secret } from "../../scripts/local.mjs";

const OTHER_BOT = "ffffffffffffffffffffffff";
const ORIGIN = "https://shop.example";
const NEW = secret("session-secret-that-is-new");
const OLD = secret("session-secret-that-is-old");

const key = (text) => new TextEncoder().encode(text);
const now = () => Math.floor(Date.now() / 1000);
const base64url = (text) => Buffer.from(text).toString("base64url");
const path = (id) => `/conversations/${encodeURIComponent(id)}`;
const event = (id, text = "hello") => JSON.stringify({ platformConversationId: id, text });

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

const claims = (more = {}) => ({
  aud: "ticketwire",
  iat: now(),
  exp: now() + 600,
  conversation: "own",
  scope: "send read",
  ...more,
});

/** A token as a backend makes it; `undefined` takes a claim away. */
const mint = (more = {}, { header = {}, signedWith = key(NEW) } = {}) =>
  new SignJWT(claims(more)).setProtectedHeader({ alg: "HS256", kid: "new", ...header }).sign(signedWith);

/** A token that no library would make. */
function forged(header, payload, signedWith = NEW) {
  const message = `${base64url(header)}.${base64url(payload)}`;
  return `${message}.${createHmac("sha256", signedWith).update(message).digest("base64url")}`;
}

const HEADER = JSON.stringify({ alg: "HS256", kid: "new" });

/** A token with one of its parts changed. */
async function tampered(part, change) {
  const parts = (await mint()).split(".");
  parts[part] = change(parts[part]);
  return parts.join(".");
}

const json = (change) => (part) =>
  base64url(JSON.stringify(change(JSON.parse(Buffer.from(part, "base64url")))));

let pair;
let relay;
let emulator;
before(async () => {
  pair = await startPair({
    relay: { SESSION_SECRETS: `new:${NEW}, old:${OLD}`, SESSION_EVENTS_PER_MINUTE: "5" },
  });
  ({ relay, emulator } = pair);
});
after(() => pair.stop());

/** Asks with a token in place of the key. */
const get = (token, path, headers = {}) => relay.get(path, { authorization: `Bearer ${token}`, ...headers });
const send = (token, body, headers = {}) =>
  relay.send(body, { authorization: `Bearer ${token}`, ...headers });

async function refused(answer, status, code, reason) {
  const document = await answer.json();
  assert.deepEqual([answer.status, document.code, document.reason], [status, code, reason]);
  return document;
}

const ask = (body) =>
  fetch(`${relay.url}/sessions`, {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: { authorization: `Bearer ${relay.key}`, "content-type": "application/json" },
  });

describe("a token that is not taken", () => {
  const reasons = {
    "without a signature": [() => new UnsecuredJWT(claims()).encode(), "wrong-algorithm"],
    "signed by RSA": [
      () => mint({}, { header: { alg: "RS256" }, signedWith: privateKey }),
      "wrong-algorithm",
    ],
    "signed with a public key as its secret": [
      () => forged(HEADER, JSON.stringify(claims()), publicKey.export({ type: "spki", format: "pem" })),
      "wrong-signature",
    ],
    "signed by HS384": [() => mint({}, { header: { alg: "HS384" } }), "wrong-algorithm"],
    "signed by HS512": [
      () => mint({}, { header: { alg: "HS512" }, signedWith: key(NEW.padEnd(64, "x")) }),
      "wrong-algorithm",
    ],
    expired: [() => mint({ iat: now() - 60, exp: now() - 1 }), "expired"],
    "not yet valid": [() => mint({ nbf: now() + 90 }), "not-yet-valid"],
    "made far ahead": [() => mint({ iat: now() + 90 }), "issued-ahead"],
    "for more than a quarter of an hour": [() => mint({ exp: now() + 1_000 }), "lives-too-long"],
    "without an end": [() => mint({ exp: undefined }), "no-expiry"],
    "without a beginning": [() => mint({ iat: undefined }), "no-issue-time"],
    "for somebody else": [() => mint({ aud: "other" }), "wrong-audience"],
    "with another payload": [
      () =>
        tampered(
          1,
          json((payload) => ({ ...payload, conversation: "other" })),
        ),
      "wrong-signature",
    ],
    "with another header": [
      () =>
        tampered(
          0,
          json((header) => ({ ...header, typ: "x" })),
        ),
      "wrong-signature",
    ],
    "with another signature": [() => tampered(2, () => base64url("x".repeat(32))), "wrong-signature"],
    "with no signature": [() => tampered(2, () => ""), "wrong-signature"],
    "of a secret that is gone": [() => mint({}, { header: { kid: "gone" } }), "unknown-key-id"],
    "of the old secret by the name of the new": [() => mint({}, { signedWith: key(OLD) }), "wrong-signature"],
    "without a kid": [() => mint({}, { header: { kid: undefined } }), "no-key-id"],
    "with crit": [
      () => forged(JSON.stringify({ alg: "HS256", kid: "new", crit: ["b64"] }), JSON.stringify(claims())),
      "critical-header",
    ],
    "with a claim that stands twice": [
      () => forged(HEADER, JSON.stringify(claims()).replace("{", '{"conversation":"other",')),
      "malformed-claims",
    ],
    huge: [() => mint({ pad: "x".repeat(8_192) }), "too-large"],
    "of nothing": [() => "..", "malformed"],
    "without a conversation": [() => mint({ conversation: [] }), "invalid-conversation"],
    "with an unknown scope": [() => mint({ scope: "send all" }), "invalid-scope"],
  };
  for (const [what, [make, reason]] of Object.entries(reasons)) {
    test(what, async () => {
      const token = await make();
      const answer = await get(token, path("own"));
      assert.equal(answer.headers.get("www-authenticate"), 'Bearer error="invalid_token"');
      const document = await answer.json();
      assert.deepEqual([answer.status, document.code], [401, "invalid-token"]);
      assert.equal(document.reason, reason);
      assert.ok(!JSON.stringify(document).includes(token));
      assert.equal((await send(token, event("own"))).status, 401);
    });
  }
});

describe("a token that is taken", () => {
  test("sends, reads and asks about its own conversation, and no other", async () => {
    const token = await mint({ conversation: ["own", "second"] });
    const sent = await send(token, event("own"));
    assert.equal(sent.status, 200, await sent.text());
    const id = sent.headers.get("ticketwire-event");
    assert.equal((await get(token, `/events/${id}`)).status, 200);
    assert.equal((await get(token, path("own"))).status, 200);
    assert.equal((await send(token, event("second"))).status, 200);
    await refused(await send(token, event("third")), 403, "foreign-conversation");
    await refused(await get(token, path("third")), 403, "foreign-conversation");
    assert.equal((await relay.get(path("third"))).status, 404, "nothing was stored");
    const others = await mint({ conversation: "third" });
    await refused(await get(others, `/events/${id}`), 403, "foreign-conversation");
  });

  test("may be signed with any live secret, and stand there raw", async () => {
    const token = await mint({}, { header: { kid: "old" }, signedWith: key(OLD) });
    assert.equal((await get(token, path("own"))).status, 200);
    assert.equal((await relay.get(path("own"), { authorization: token })).status, 200);
  });

  test("does what its scope says", async () => {
    const [sends, reads] = [await mint({ scope: "send" }), await mint({ scope: "read" })];
    await refused(await get(sends, path("own")), 403, "out-of-scope");
    await refused(await get(sends, `${path("own")}/stream`), 403, "out-of-scope");
    // Before the body: it is none.
    await refused(await send(reads, "{"), 403, "out-of-scope");
    await refused(await send(sends, "{"), 400, "invalid-event");
  });

  test("speaks for its own bot", async () => {
    await emulator.admin(`/bots/${OTHER_BOT}`, { method: "PUT", body: { customCrm: true } });
    const ours = await mint({ conversation: "bots" });
    const others = await mint({ conversation: "bots", bot: OTHER_BOT });
    await refused(await send(ours, event("bots"), { botid: OTHER_BOT }), 403, "foreign-bot");
    await refused(await send(others, event("bots"), { botid: BOT_ID }), 403, "foreign-bot");
    const sent = await send(others, event("bots"));
    assert.equal(sent.status, 200);
    assert.equal((await relay.get(path("bots"))).status, 404);
    assert.equal((await relay.get(path("bots"), { botid: OTHER_BOT })).status, 200);
    assert.equal((await get(others, path("bots"))).status, 200);
    const report = `/events/${sent.headers.get("ticketwire-event")}`;
    assert.equal((await get(others, report)).status, 200);
    await refused(await get(ours, report), 403, "foreign-conversation");
    const { body } = await emulator.admin("/journal?kind=event&conversation=bots");
    assert.deepEqual(
      body.entries.map(({ headers }) => headers.botid),
      [OTHER_BOT],
    );
  });

  test("is held to its web origin", async () => {
    const token = await mint({ origin: ORIGIN });
    await refused(await get(token, path("own")), 403, "foreign-origin");
    await refused(
      await get(token, path("own"), { origin: "https://shop.example.evil" }),
      403,
      "foreign-origin",
    );
    assert.equal((await get(token, path("own"), { origin: ORIGIN })).status, 200);
  });

  test("sends so much in a minute, and an event that was taken counts once", async () => {
    const token = await mint({ conversation: "quota" });
    const first = { "idempotency-key": "first" };
    assert.equal((await send(token, event("quota"), first)).status, 200);
    for (let sent = 1; sent < 5; sent += 1) {
      assert.equal((await send(token, event("quota", `${sent}`))).status, 200);
    }
    const answer = await send(token, event("quota", "too many"));
    const seconds = Number(answer.headers.get("retry-after"));
    assert.ok(Number.isInteger(seconds) && seconds > 50 && seconds <= 60, `${seconds}`);
    await refused(answer, 429, "too-many-events");
    const again = await send(token, event("quota"), first);
    assert.deepEqual([again.status, again.headers.get("idempotency-replayed")], [200, "true"]);
    assert.equal((await relay.send(event("quota", "of a server"))).status, 200);
    const { entries } = await (await relay.get(path("quota"))).json();
    assert.equal(entries.filter((entry) => entry.event).length, 6);
  });
});

describe("a stream with a token in its query", () => {
  test("goes on until the token ends", async () => {
    assert.equal((await relay.send(event("streamed"))).status, 200);
    const exp = now() + 4;
    const token = await mint({ conversation: "streamed", scope: "read", exp });
    const follower = follow(`${relay.url}${path("streamed")}/stream?token=${token}`);
    await until("the event", () => follower.frames.some(({ kind }) => kind === "event"));
    const end = await until("the end", () => follower.frames.find(({ kind }) => kind === "end"));
    assert.equal(end.data.code, "token-expired");
    assert.ok(Date.now() >= exp * 1000 && Date.now() < exp * 1000 + 2_000);
    follower.close();
  });

  test("is not opened with a key, and no other route looks there", async () => {
    const stream = `${relay.url}${path("streamed")}/stream`;
    await refused(await fetch(`${stream}?token=${relay.key}`), 401, "invalid-token", "malformed");
    const token = await mint({ conversation: "streamed" });
    await refused(await fetch(`${relay.url}${path("streamed")}?token=${token}`), 401, "no-key");
  });
});

describe("POST /sessions", () => {
  test("mints what jose verifies and the relay takes", async () => {
    const answer = await ask({ conversation: ["minted", "ä/2"], origin: ORIGIN, ttlSeconds: 60 });
    assert.equal(answer.status, 201);
    const { token, expiresMs, kid } = await answer.json();
    assert.equal(kid, "new");
    const { payload, protectedHeader } = await jwtVerify(token, key(NEW), { audience: "ticketwire" });
    assert.deepEqual(protectedHeader, { alg: "HS256", kid: "new", typ: "JWT" });
    assert.deepEqual(
      [payload.conversation, payload.scope, payload.origin],
      [["minted", "ä/2"], "send read", ORIGIN],
    );
    assert.deepEqual([payload.exp * 1000, payload.exp - payload.iat], [expiresMs, 60]);
    assert.equal((await send(token, event("ä/2"), { origin: ORIGIN })).status, 200);
    await refused(await ask(""), 400, "invalid-session");
    await refused(await send(token, event("own"), { origin: ORIGIN }), 403, "foreign-conversation");
  });

  test("says all that is wrong at once", async () => {
    const body = { conversations: "a", scope: "all", ttlSeconds: 59, origin: "shop.example" };
    const { errors } = await refused(await ask(body), 400, "invalid-session");
    assert.deepEqual(
      errors.map(({ pointer, code }) => `${pointer} ${code}`),
      [
        "/conversations unknown-member",
        "/conversation missing-member",
        "/scope unexpected-value",
        "/origin unexpected-value",
        "/ttlSeconds unexpected-value",
      ],
    );
    assert.match(errors[0].detail, /did you mean `conversation`\?/);
    const ids = Array.from({ length: 100 }, (_, n) => `${n}`.padStart(200, "x"));
    const document = await refused(await ask({ conversation: ids }), 400, "invalid-session");
    assert.equal(document.errors[0].pointer, "/conversation");
  });
});

test("without secrets there are no sessions", async () => {
  const off = await startPair();
  try {
    const token = await mint();
    const answer = await off.relay.get(path("own"), { authorization: `Bearer ${token}` });
    await refused(answer, 401, "invalid-token", "sessions-not-configured");
    const asked = await fetch(`${off.relay.url}/sessions`, {
      method: "POST",
      body: '{"conversation":"a"}',
      headers: { authorization: `Bearer ${off.relay.key}`, "content-type": "application/json" },
    });
    await refused(asked, 503, "sessions-not-configured");
    assert.equal((await off.relay.get("/ready")).status, 200, "it is no gap");
    assert.deepEqual(await (await fetch(`${off.relay.url}/ready`)).json(), { ready: true });
  } finally {
    await off.stop();
  }
});
