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

const BODIES = {
  "/converse/ticket": (id) => JSON.stringify({ platformConversationId: id, text: "another" }),
  "/sessions": (conversation) => JSON.stringify({ conversation }),
};

/** Asks as the case has it, in a conversation of its own, of which an event was delivered. */
async function ask({ method, path, credential }) {
  const id = `access ${(conversations += 1)}/ä`;
  const first = await pair.relay.send(JSON.stringify({ platformConversationId: id, text: "hello" }));
  assert.equal(first.status, 200);
  const url = path
    .replace("{conversation}", encodeURIComponent(id))
    .replace("{event}", first.headers.get("ticketwire-event"));
  const shown = await CREDENTIALS[credential](id);
  const headers = { botid: BOT_ID, origin: "https://other.example", "content-type": "application/json" };
  if (shown) headers.authorization = `Bearer ${shown}`;
  return fetch(`${pair.relay.url}${url}`, { method, headers, body: BODIES[path]?.(id) });
}

async function codeOf(answer) {
  if (answer.headers.get("content-type") === "application/problem+json") return (await answer.json()).code;
  await answer.body?.cancel();
  return null;
}

test("every credential of the table is known", () => {
  assert.deepEqual(new Set(CASES.map(({ credential }) => credential)), new Set(Object.keys(CREDENTIALS)));
});

describe("who may do what", () => {
  for (const { status, code, ...asked } of CASES) {
    test(`${asked.method} ${asked.path}, ${asked.credential}: ${code ?? status}`, async () => {
      const answer = await ask(asked);
      assert.deepEqual({ status: answer.status, code: await codeOf(answer) }, { status, code });
    });
  }
});
