// How a webhook proves itself: each proof, whoever made it, and all that keeps it from holding.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { secret } from "../../scripts/local.mjs";
import { BOT_ID, problem, startEmulator, startPair, startRelay, until } from "./harness.mjs";

/** A secret of Standard Webhooks. */
const whsec = () => `whsec_${Buffer.from(secret("standard")).toString("base64")}`;

const SECRETS = {
  bare: [secret("webhook"), secret("webhook")],
  zendesk: [secret("zendesk"), secret("zendesk")],
  standard: [whsec(), whsec().slice("whsec_".length)],
};

const ALL = {
  WEBHOOK_SECRETS: SECRETS.bare.join(),
  WEBHOOK_ZENDESK_SECRETS: SECRETS.zendesk.join(" "),
  WEBHOOK_STANDARD_SECRETS: SECRETS.standard.join(", "),
};

/** The headers of each kind of signature, made by somebody else's code. */
const SIGN = {
  zendesk(body, { key = SECRETS.zendesk[0], sentMs = Date.now() } = {}) {
    const timestamp = new Date(sentMs).toISOString();
    const signature = createHmac("sha256", key).update(timestamp).update(body).digest("base64");
    return {
      "X-Zendesk-Webhook-Signature": signature,
      "X-Zendesk-Webhook-Signature-Timestamp": timestamp,
    };
  },
  standard(body, { key = SECRETS.standard[0], sentMs = Date.now(), id = secret("msg") } = {}) {
    return {
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(sentMs / 1000)),
      "webhook-signature": new Webhook(key).sign(id, new Date(sentMs), Buffer.from(body)),
    };
  },
};

const STRANGER = { zendesk: secret("stranger"), standard: whsec() };

/** The emulator's own replies would be in the way. */
const SILENT = { EMULATOR_WEBHOOK_URL: "" };

let pair;
let relay;
let emulator;
const log = [];

before(async () => {
  pair = await startPair({ relay: ALL, emulator: SILENT, onLog: (line) => log.push(line) });
  ({ relay, emulator } = pair);
});

after(() => pair.stop());

const reply = (id, more = {}) =>
  JSON.stringify({ botId: BOT_ID, platformConversationId: id, text: "Hello", ...more });

const post = (body, headers = {}, path = "", to = relay) =>
  fetch(`${to.url}/webhooks/ticket${path}`, { method: "POST", body, headers });

/** By the secret at the end of the path. */
const deliver = (body, to = relay) => post(body, {}, `/${SECRETS.bare[0]}`, to);

async function begin(id, to = relay, headers = {}) {
  const answer = await to.send(JSON.stringify({ platformConversationId: id, text: "Hi" }), headers);
  assert.equal(answer.status, 200, await answer.text());
}

async function taken(answer) {
  assert.deepEqual([answer.status, await answer.text()], [200, ""]);
}

async function replies(id, from = relay, headers = {}) {
  const answer = await from.get(`/conversations/${id}`, headers);
  return answer.status === 404 ? [] : (await answer.json()).entries.filter((entry) => entry.reply);
}

describe("a bare secret", () => {
  before(() => begin("bare"));

  test("each live one opens, at the end of the path or in the header", async () => {
    for (const one of SECRETS.bare) {
      await taken(await post(reply("bare"), {}, `/${one}`));
      await taken(await post(reply("bare"), { "X-API-Key": one }));
      await taken(await post(reply("bare"), { "X-API-Key": one }, "/wrong"));
    }
    assert.equal((await replies("bare")).length, 6);
  });

  test("nothing else does, and nothing is stored", async () => {
    const [one] = SECRETS.bare;
    for (const [path, headers] of [
      ["", {}],
      ["/wrong", {}],
      [`/${one}x`, {}],
      [`/${one.slice(1)}`, {}],
      ["", { "x-api-key": "wrong" }],
      ["", { "x-api-key": SECRETS.zendesk[0] }],
      ["", { authorization: `Bearer ${relay.key}` }],
      ["", { authorization: `Bearer ${one}` }],
    ]) {
      await problem(await post(reply("bare"), headers, path), 401, "webhook-unproven");
    }
    assert.equal((await replies("bare")).length, 6);
  });
});

for (const kind of ["zendesk", "standard"]) {
  describe(`a signature: ${kind}`, () => {
    const id = `signed-${kind}`;
    const body = reply(id);
    const sign = SIGN[kind];

    before(() => begin(id));

    for (const [name, made] of [
      ["by the first live secret", {}],
      ["by the second", { key: SECRETS[kind][1] }],
      ["almost five minutes ago", { sentMs: Date.now() - 270_000 }],
      ["almost five minutes ahead", { sentMs: Date.now() + 270_000 }],
    ]) {
      test(`${name}: taken`, async () => {
        const before = (await replies(id)).length;
        await taken(await post(body, sign(body, made)));
        assert.equal((await replies(id)).length, before + 1);
      });
    }

    for (const [name, made, sent, code] of [
      ["by another secret", { key: STRANGER[kind] }, body, "webhook-wrong-signature"],
      ["of another body", {}, body.replace("Hello", "Hullo"), "webhook-wrong-signature"],
      ["of the same JSON in other bytes", {}, `${body} `, "webhook-wrong-signature"],
      ["more than five minutes ago", { sentMs: Date.now() - 302_000 }, body, "webhook-stale"],
      ["more than five minutes ahead", { sentMs: Date.now() + 330_000 }, body, "webhook-stale"],
      ["by another secret, an hour ago", { key: STRANGER[kind], sentMs: 0 }, body, "webhook-wrong-signature"],
    ]) {
      test(`${name}: ${code}`, async () => {
        const before = (await replies(id)).length;
        await problem(await post(sent, sign(body, made)), 401, code);
        assert.equal((await replies(id)).length, before);
      });
    }

    test("with any header missing or unreadable: webhook-unproven", async () => {
      const good = sign(body);
      for (const name of Object.keys(good)) {
        const { [name]: _, ...rest } = good;
        const { detail } = await problem(await post(body, rest), 401, "webhook-unproven");
        assert.match(detail, /no proof/);
        if (name === "webhook-id") continue;
        const odd = await problem(await post(body, { ...good, [name]: "odd" }), 401, "webhook-unproven");
        assert.match(odd.detail, /not of the expected form/);
      }
    });

    test("the bytes count, whatever they are", async () => {
      const raw = `\ufeff \r\n{"platformConversationId" :\t"${id}", "text":"Grüße 🎫 \\u00fc\\ud83d\\ude00", "n":1.0e+0}\n\n`;
      await taken(await post(raw, sign(raw)));
      const text = await (await relay.get(`/conversations/${id}`)).text();
      assert.ok(text.includes(raw.slice(1).trim()), text);
      const tidy = JSON.stringify(JSON.parse(raw.slice(1)));
      await problem(await post(tidy, sign(raw)), 401, "webhook-wrong-signature");
      await problem(await post(raw.slice(1), sign(raw)), 401, "webhook-wrong-signature");
    });
  });
}

describe("several proofs", () => {
  before(() => begin("several"));
  const body = reply("several");

  test("one that holds is enough, whatever stands beside it", async () => {
    const wrong = { key: STRANGER.standard };
    for (const [path, headers] of [
      ["/wrong", { ...SIGN.standard(body, wrong), ...SIGN.zendesk(body) }],
      ["", { ...SIGN.standard(body), ...SIGN.zendesk(body, { sentMs: 0 }), "x-api-key": "wrong" }],
      [`/${SECRETS.bare[1]}`, SIGN.standard(body, wrong)],
      ["", { ...SIGN.zendesk(body), "webhook-signature": "odd" }],
    ]) {
      await taken(await post(body, headers, path));
    }
  });

  test("a sender that changes its secret signs with both", async () => {
    const made = { id: "msg_rotated", sentMs: Date.now() };
    const old = SIGN.standard(body, { ...made, key: STRANGER.standard });
    const signatures = [old["webhook-signature"], SIGN.standard(body, made)["webhook-signature"]];
    for (const list of [signatures, signatures.toReversed(), ["v1a,c2lnbmVk", ...signatures]]) {
      await taken(await post(body, { ...old, "webhook-signature": list.join(" ") }));
    }
  });

  test("the answer to a stranger says which ways are open, and what is secret to nobody", async () => {
    const { detail } = await problem(await post(body), 401, "webhook-unproven");
    for (const name of [...Object.keys(ALL), "x-api-key", ...Object.keys(SIGN.standard(body))]) {
      assert.ok(detail.includes(name), `${name}: ${detail}`);
    }
    const { detail: stale } = await problem(
      await post(body, SIGN.zendesk(body, { sentMs: 0 })),
      401,
      "webhook-stale",
    );
    assert.match(stale, /more than five minutes ago/);
  });

  test("a body is not read for whoever shows nothing", async () => {
    const large = "x".repeat(1_048_577);
    await problem(await post(large), 401, "webhook-unproven");
    await problem(await post(large, SIGN.zendesk(large)), 413, "body-too-large");
    await problem(await deliver(large), 413, "body-too-large");
  });

  test("the log says why, and nothing that was sent or is secret", async () => {
    await problem(await post(body, SIGN.standard(body, { sentMs: 0 })), 401, "webhook-stale");
    for (const cause of ["webhook-unproven", "webhook-wrong-signature", "webhook-stale"]) {
      const said = (line) => line.includes("webhook-refused") && line.includes(`"cause":"${cause}"`);
      await until(cause, () => log.some(said));
    }
    for (const said of [...Object.values(SECRETS).flat(), "several", "Hello"]) {
      assert.ok(!log.join("").includes(said), said);
    }
  });
});

describe("settings", () => {
  test("one way is enough; those that are not set are closed", async (t) => {
    const only = await startPair({
      relay: { WEBHOOK_SECRETS: "", WEBHOOK_STANDARD_SECRETS: ALL.WEBHOOK_STANDARD_SECRETS },
      emulator: SILENT,
    });
    t.after(() => only.stop());
    assert.equal((await only.relay.get("/ready")).status, 200);
    await begin("only", only.relay);
    const body = reply("only");
    await taken(await post(body, SIGN.standard(body), "", only.relay));
    const refused = await post(body, SIGN.zendesk(body), "", only.relay);
    const { detail } = await problem(refused, 401, "webhook-unproven");
    assert.doesNotMatch(detail, /ZENDESK|WEBHOOK_SECRETS/);
  });

  test("what can't be a secret is named, not shown, and the rest holds", async (t) => {
    const [good] = SECRETS.standard;
    const odd = await startRelay({
      variables: { API_KEY: "emu_key", WEBHOOK_STANDARD_SECRETS: `whsec_canary_not_base64, ${good}` },
    });
    t.after(() => odd.stop());
    const ready = await odd.get("/ready");
    const text = await ready.text();
    assert.equal(ready.status, 503);
    assert.deepEqual(
      JSON.parse(text).settings.map(({ setting }) => setting),
      ["WEBHOOK_STANDARD_SECRETS"],
    );
    assert.doesNotMatch(text, /canary/);
    const body = reply("odd");
    await problem(await post(body, SIGN.standard(body), "", odd), 404, "no-such-conversation");
  });
});

describe("the emulator's proofs", () => {
  test("the official library takes what we sign, and not what is spoilt on purpose", async (t) => {
    const got = [];
    const server = createServer(async (incoming, outgoing) => {
      const chunks = await incoming.toArray();
      got.push({ headers: incoming.headers, body: Buffer.concat(chunks) });
      outgoing.end();
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    t.after(() => server.close());
    const key = whsec();
    const signing = await startEmulator({
      variables: {
        EMULATOR_WEBHOOK_URL: `http://127.0.0.1:${server.address().port}/`,
        EMULATOR_WEBHOOK_SECRET: key,
        EMULATOR_WEBHOOK_PROOF: "standard-webhooks",
      },
    });
    t.after(() => signing.stop());
    const received = async (text, fault) => {
      if (fault) await signing.admin("/faults", { method: "POST", body: { fault } });
      const headers = { authorization: signing.key, botid: BOT_ID, "content-type": "application/json" };
      const body = JSON.stringify({ platformConversationId: "Grüße 🎫", platform: "PUBLIC_API", text });
      const before = got.length;
      assert.equal(
        (await fetch(`${signing.url}/converse/ticket`, { method: "POST", headers, body })).status,
        200,
      );
      await until("the reply", () => got.length > before);
      return got.at(-1);
    };
    const good = await received("Where is my order?");
    const read = new Webhook(key).verify(good.body, good.headers);
    assert.equal(read.platformConversationId, "Grüße 🎫");
    for (const [kind, message] of [
      ["reply-wrong-proof", /No matching signature/],
      ["reply-stale-proof", /too old/],
    ]) {
      const spoilt = await received("Where is my order?", { kind });
      assert.throws(() => new Webhook(key).verify(spoilt.body, spoilt.headers), message);
    }
  });

  for (const [proof, key] of [
    ["secret", SECRETS.bare[1]],
    ["zendesk", SECRETS.zendesk[1]],
    ["standard-webhooks", SECRETS.standard[0]],
  ]) {
    test(`${proof}: there and back, and refused when spoilt`, async (t) => {
      const looped = await startPair({ relay: ALL });
      t.after(() => looped.stop());
      const url = `${looped.relay.url}/webhooks/ticket`;
      const webhook = await looped.emulator.admin("/webhook", {
        method: "PUT",
        body: { url, secret: key, proof },
      });
      assert.ok(webhook.status < 300);
      await begin("looped", looped.relay);
      await until("the reply", async () => (await replies("looped", looped.relay)).length > 0);

      const kinds = proof === "secret" ? ["reply-wrong-proof"] : ["reply-wrong-proof", "reply-stale-proof"];
      for (const kind of kinds) {
        await looped.emulator.admin("/faults", {
          method: "POST",
          body: { fault: { kind }, conversation: kind },
        });
        await begin(kind, looped.relay);
        const refused = async () => {
          const { body } = await looped.emulator.admin(`/journal?kind=webhook&conversation=${kind}`);
          return body.entries.find(({ status }) => status !== null);
        };
        assert.equal((await until(kind, refused)).status, 401);
        assert.deepEqual(await replies(kind, looped.relay), []);
      }
    });
  }
});
