// The backend gives a token with which an event can be sent, and takes the agent's reply.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { freePort, secret } from "../../scripts/local.mjs";
import { startPair, until } from "../worker/harness.mjs";
import { prepare, serve } from "./program.mjs";

const SECRET = `whsec_${randomBytes(24).toString("base64")}`;

describe("the example node-backend", () => {
  let backend;
  let pair;
  before(async () => {
    const cwd = await prepare("node-backend");
    const port = String(await freePort());
    const onward = { ONWARD_URL: `http://127.0.0.1:${port}/replies`, ONWARD_SECRETS: SECRET };
    pair = await startPair({ relay: { ...onward, SESSION_SECRETS: `test:${secret("session")}` } });
    const env = { PORT: port, RELAY_URL: pair.relay.url, RELAY_KEY: pair.relay.key, ONWARD_SECRETS: SECRET };
    backend = await serve(["node", "server.mjs"], { cwd, env });
  });
  after(() => Promise.all([pair?.stop(), backend?.stop()]));

  const post = (path, body, headers = {}) =>
    fetch(`${backend.url}${path}`, { method: "POST", body, headers });
  const list = async () => (await fetch(`${backend.url}/replies`)).json();

  test("gives a token, and lists the reply to what is sent with it", async () => {
    const answer = await post("/session", '{"conversation": "case-1"}');
    assert.equal(answer.status, 201);
    const { token } = await answer.json();
    const event = { platformConversationId: "case-1", text: "I need to update my shipping address" };
    const headers = { authorization: `Bearer ${token}` };
    const sent = await pair.relay.send(JSON.stringify(event), headers);
    assert.equal(sent.status, 200);
    const [reply] = await until("the reply", async () => (await list()).length > 0 && list());
    assert.equal(reply.platformConversationId, "case-1");
    assert.match(reply.text, /shipping address/);
  });

  test("gives no token for what is no case", async () => {
    for (const conversation of ["other", "case-1/../2", ["case-1"], null]) {
      assert.equal((await post("/session", JSON.stringify({ conversation }))).status, 403);
    }
    assert.equal((await post("/session", "no JSON")).status, 400);
  });

  test("takes no reply without its proof, and each one once", async () => {
    const body = JSON.stringify({ platformConversationId: "case-2", text: "A reply" });
    const signed = (key) => {
      const at = new Date();
      const signature = new Webhook(key).sign("msg-1", at, body);
      const timestamp = String(Math.floor(at / 1000));
      return { "webhook-id": "msg-1", "webhook-timestamp": timestamp, "webhook-signature": signature };
    };
    const known = (await list()).length;
    assert.equal((await post("/replies", body)).status, 401);
    assert.equal((await post("/replies", body, signed("whsec_bm90IHRoZSBzZWNyZXQ="))).status, 401);
    assert.equal((await post("/replies", `${body} `, signed(SECRET))).status, 401);
    assert.equal((await list()).length, known);
    for (const status of [204, 204]) {
      assert.equal((await post("/replies", body, signed(SECRET))).status, status);
    }
    assert.equal((await list()).length, known + 1);
  });

  test("serves nothing else, and its log holds no key", async () => {
    assert.equal((await fetch(`${backend.url}/`)).status, 404);
    assert.ok(!backend.output().includes(pair.relay.key));
  });
});
