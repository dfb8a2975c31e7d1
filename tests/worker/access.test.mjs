// Who may do what: every line of the relay's own table (access.json, written by `src/relay/access.rs`).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { SignJWT } from "jose";
import { BOT_ID, startPair } from "./harness.mjs";
import { secret } from "../../scripts/local.mjs";

const CASES = JSON.parse(readFileSync(new URL("access.json", import.meta.url)));
const OTHER_BOT = "ffffffffffffffffffffffff";
const SECRET = secret("session-secret-of-32-bytes");

let pair;
let conversations = 0;
before(async () => (pair = await startPair({ relay: { SESSION_SECRETS: `a:${SECRET}` } })));
after(() => pair.stop());

/** What each credential of the table shows, for this conversation. */
const CREDENTIALS = {
  none: () => undefined,
  "wrong-key": () => secret("wrong"),
  "server-key": () => pair.relay.key,
  send: (conversation) => token({ conversation, scope: "send" }),
  read: (conversation) => token({ conversation, scope: "read" }),
  "send read": (conversation) => token({ conversation }),
  expired: (conversation) => token({ conversation, iat: now() - 90, exp: now() - 30 }),
  "other-conversation": () => token({ conversation: "other" }),
  "other-bot": (conversation) => token({ conversation, bot: OTHER_BOT }),
  "other-origin": (conversation) => token({ conversation, origin: "https://shop.example" }),
};

const now = () => Math.floor(Date.now() / 1000);

function token(claims) {
  const all = { aud: "ticketwire", iat: now(), exp: now() + 60, scope: "send read", ...claims };
  return new SignJWT(all)
    .setProtectedHeader({ alg: "HS256", kid: "a" })
    .sign(new TextEncoder().encode(SECRET));
}

/** Sends the request, or has it called: what a call may not be for is answered by itself alone. */
const WAYS = {
  "": (path, init) => fetch(`${pair.relay.url}${path}`, init),
  ", in a call": (path, { method, body, headers: { origin, "content-type": type, ...headers } }) => {
    const json = JSON.stringify({ method, path, headers, ...(body && { body: JSON.parse(body) }) });
    return fetch(`${pair.relay.url}/calls`, { method: "POST", headers: { origin }, body: json });
  },
};

const isCallable = ({ path }) => path !== "/calls" && !path.endsWith("/stream");

const BODIES = {
  "/calls": () => JSON.stringify({ path: "/health" }),
  "/converse/ticket": (id) => JSON.stringify({ platformConversationId: id, text: "another" }),
  "/sessions": (conversation) => JSON.stringify({ conversation }),
};

/** Asks as the case has it, in a conversation of its own, of which an event was delivered. */
async function ask({ method, path, credential }, send) {
  const id = `access ${(conversations += 1)}/ä`;
  const first = await pair.relay.send(JSON.stringify({ platformConversationId: id, text: "hello" }));
  assert.equal(first.status, 200);
  const url = path
    .replace("{conversation}", encodeURIComponent(id))
    .replace("{event}", first.headers.get("ticketwire-event"));
  const shown = await CREDENTIALS[credential](id);
  const headers = { botid: BOT_ID, origin: "https://other.example", "content-type": "application/json" };
  if (shown) headers.authorization = `Bearer ${shown}`;
  return send(url, { method, headers, body: BODIES[path]?.(id) });
}

/** Status and code of an answer, or of the one that stands in it. */
async function outcome(answer) {
  if (answer.url.endsWith("/calls")) {
    const { status, body } = await answer.json();
    return { status, code: body?.code ?? null };
  }
  const { status } = answer;
  if (answer.headers.get("content-type") === "application/problem+json") {
    return { status, code: (await answer.json()).code };
  }
  await answer.body?.cancel();
  return { status, code: null };
}

test("every credential of the table is known", () => {
  assert.deepEqual(new Set(CASES.map(({ credential }) => credential)), new Set(Object.keys(CREDENTIALS)));
});

describe("who may do what", () => {
  for (const { status, code, ...asked } of CASES) {
    for (const [way, send] of Object.entries(WAYS)) {
      if (way && !isCallable(asked)) continue;
      test(`${asked.method} ${asked.path}, ${asked.credential}${way}: ${code ?? status}`, async () => {
        assert.deepEqual(await outcome(await ask(asked, send)), { status, code });
      });
    }
  }
});
