// The proofs that an emulator and a relay really make, as the package checks them: in the CRM's own server.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { freePort } from "../../scripts/local.mjs";
import { reply } from "../../pkg/dist/index.js";
import { webhook } from "../../pkg/dist/webhook.js";
import { startPair, until } from "../worker/harness.mjs";

const SECRET = "whsec_YSBzZWNyZXQgb2YgdGhlIHRlc3QncyBvd24=";
const OTHER = "whsec_YW5vdGhlciBzZWNyZXQgb2YgdGhlIHRlc3Q=";
const SETTINGS = {
  secret: (secret) => ({ secrets: [secret] }),
  zendesk: (secret) => ({ zendeskSecrets: [secret] }),
  "standard-webhooks": (secret) => ({ standardSecrets: [secret] }),
};

/** A CRM that keeps what it is sent, as it came. */
async function startCrm() {
  const taken = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    taken.push({ headers: request.headers, body: new Uint8Array(Buffer.concat(chunks)) });
    response.writeHead(204).end();
  });
  const port = await freePort();
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  const stop = () => new Promise((resolve) => server.close(resolve).closeAllConnections());
  return { taken, url: `http://127.0.0.1:${port}/replies`, stop };
}

describe("the proof of a reply", () => {
  let crm;
  let pair;
  before(async () => {
    crm = await startCrm();
    pair = await startPair({ relay: { ONWARD_URL: crm.url, ONWARD_SECRETS: `${OTHER} ${SECRET}` } });
  });
  after(() => Promise.all([pair?.stop(), crm?.stop()]));

  /** What reaches the CRM after an event of this conversation. */
  async function heard(conversation) {
    crm.taken.length = 0;
    const event = { platformConversationId: conversation, text: "I need to update my shipping address ✅" };
    assert.equal((await pair.relay.send(JSON.stringify(event))).status, 200);
    return until("the reply", () => crm.taken[0], 20_000);
  }

  test("that a relay sends on holds with each live secret, and with no other", async () => {
    const { body, headers } = await heard("onward");
    for (const secret of [SECRET, OTHER])
      assert.deepEqual(await webhook.verify(body, headers, { standardSecrets: [secret] }), { ok: true });
    const none = { standardSecrets: ["whsec_bm9uZSBvZiB0aGVtLCBub25lIG9mIHRoZW0="] };
    assert.deepEqual(await webhook.verify(body, headers, none), { ok: false, code: "wrong-signature" });
    const late = Date.now() + 301_000;
    const stale = await webhook.verify(body, headers, { standardSecrets: [SECRET] }, late);
    assert.deepEqual(stale, { ok: false, code: "stale" });
    assert.match(reply.parse(body).text, /shipping address/);
  });

  for (const [proof, settings] of Object.entries(SETTINGS)) {
    describe(`of an agent, by ${proof}`, () => {
      before(async () => {
        const body = { url: crm.url, secret: SECRET, proof };
        assert.equal((await pair.emulator.admin("/webhook", { method: "PUT", body })).status, 200);
      });

      /** What reaches the CRM while the emulator has this fault. */
      async function faulty(kind) {
        await pair.emulator.admin("/faults", { method: "POST", body: { fault: { kind } } });
        return heard(`${proof} ${kind}`);
      }

      test("holds", async () => {
        const { body, headers } = await heard(proof);
        assert.deepEqual(await webhook.verify(body, headers, settings(SECRET)), { ok: true });
        const changed = body.slice();
        changed[changed.length - 2] ^= 1;
        const { ok } = await webhook.verify(changed, headers, settings(SECRET));
        assert.equal(ok, proof === "secret", "a bare secret says nothing of the body");
      });

      test("does not hold where it was made with another secret", async () => {
        const { body, headers } = await faulty("reply-wrong-proof");
        const verdict = await webhook.verify(body, headers, settings(SECRET));
        assert.deepEqual(verdict, { ok: false, code: "wrong-signature" });
      });

      if (proof === "secret") return; // It has no age.
      test("does not hold where it is old", async () => {
        const { body, headers } = await faulty("reply-stale-proof");
        const verdict = await webhook.verify(body, headers, settings(SECRET));
        assert.deepEqual(verdict, { ok: false, code: "stale" });
      });
    });
  }
});
