// The agent's replies: how the webhook proves itself, and where a reply goes.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { secret } from "../../scripts/local.mjs";
import { filesWith, onDisk } from "./disk.mjs";
import { BOT_ID, problem, startEmulator, startPair, startRelay, until } from "./harness.mjs";

const OTHER_BOT = "ffffffffffffffffffffffff";

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
      const line = `"event":"webhook-refused","status":401,"cause":"${cause}"`;
      await until(cause, () => log.join("").includes(line));
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

describe("where a reply goes", () => {
  test("it is kept word for word, whatever shape its parts have", async () => {
    await begin("odd");
    const odd = `{"platformConversationId":"odd", "text":5, "botId":"", "id":12345678901234567890123,\n "big":1e999,"attachments":null,"predictedIntents":[{"confidence":"0.9"}]}`;
    await taken(await deliver(`\ufeff${odd}`));
    const text = await (await relay.get("/conversations/odd")).text();
    assert.ok(text.includes(`"reply":${odd}`), text);
  });

  test("one that names no conversation is told so, and the log says that it was refused", async () => {
    for (const body of ['{"text":"x"}', '{"platformConversationId":null}']) {
      const { errors } = await problem(await deliver(body), 400, "invalid-reply");
      assert.deepEqual(
        errors.map(({ pointer, code }) => [pointer, code]),
        [["/platformConversationId", "missing-member"]],
      );
    }
    await until("the log", () =>
      log.join("").includes('"event":"webhook-refused","status":400,"cause":"invalid-reply"'),
    );
  });

  test("one of another bot is refused, though its conversation is known of ours", async () => {
    await begin("known");
    for (const botId of [OTHER_BOT, `${BOT_ID}0`]) {
      await problem(await deliver(reply("known", { botId })), 404, "no-such-conversation");
      await problem(await relay.get("/conversations/known", { botid: botId }), 404, "no-such-conversation");
    }
    assert.deepEqual(await replies("known"), []);
    await until("the log", () =>
      log.join("").includes('"event":"webhook-refused","status":404,"cause":"no-such-conversation"'),
    );

    const botid = OTHER_BOT;
    await emulator.admin(`/bots/${botid}`, { method: "PUT", body: { customCrm: true } });
    await begin("known", relay, { botid });
    await taken(await deliver(reply("known", { botId: botid })));
    assert.deepEqual(await replies("known"), []);
    assert.equal((await replies("known", relay, { botid })).length, 1);
  });

  test("one of a conversation that nobody began leaves no row, no table and no word on the disk", async (t) => {
    const { folder, startOn } = await onDisk(t, { relay: ALL });
    const here = await startOn();
    await begin("begun", here);
    for (const body of [
      reply("never-begun", { text: "canary" }),
      reply("never-begun", { botId: undefined, text: "canary" }),
      reply("begun", { botId: OTHER_BOT, text: "canary" }),
    ]) {
      await problem(await deliver(body, here), 404, "no-such-conversation");
    }
    assert.equal((await here.get("/conversations/never-begun")).status, 404);
    await here.stop();
    // The platform makes a file for each object that is only asked; this one stays empty.
    assert.deepEqual(hasTables(folder).toSorted(), [false, false, true]);
    for (const word of ["never-begun", "canary", OTHER_BOT]) assert.deepEqual(filesWith(folder, word), []);
    assert.notDeepEqual(filesWith(folder, "begun"), []);

    const again = await startOn();
    await begin("never-begun", again);
    await taken(await deliver(reply("never-begun", { text: "canary" }), again));
    await again.stop();
    assert.deepEqual(hasTables(folder).toSorted(), [false, true, true]);
    assert.notDeepEqual(filesWith(folder, "canary"), []);
  });

  test("one of a conversation that was deleted, or whose time is over, is refused", async (t) => {
    await begin("deleted");
    await taken(await deliver(reply("deleted")));
    const headers = { authorization: `Bearer ${relay.key}` };
    await fetch(`${relay.url}/conversations/deleted`, { method: "DELETE", headers });
    for (let round = 0; round < 2; round += 1) {
      await problem(await deliver(reply("deleted")), 404, "no-such-conversation");
    }
    await begin("deleted");
    await taken(await deliver(reply("deleted")));
    assert.equal((await replies("deleted")).length, 1);
  });

  test("one that is there before the acknowledgement is kept", async (t) => {
    const quick = await startPair({ relay: { DELIVERY: "durable" } });
    t.after(() => quick.stop());
    await quick.emulator.admin("/faults", { method: "POST", body: { fault: { kind: "reply-before-ack" } } });
    await begin("quick", quick.relay);
    assert.equal((await replies("quick", quick.relay)).length, 1);
  });

  test("sent directly, one of ours may come before its event; another bot's may not", async (t) => {
    const { emulator: api, startOn } = await onDisk(t, { relay: ALL });
    const direct = await startOn({ DELIVERY: "direct" });
    await taken(await deliver(reply("early"), direct));
    await taken(await deliver(reply("early-too", { botId: undefined }), direct));
    assert.equal((await replies("early", direct)).length, 1);
    const foreign = reply("early", { botId: OTHER_BOT });
    await problem(await deliver(foreign, direct), 404, "no-such-conversation");
    await api.admin(`/bots/${OTHER_BOT}`, { method: "PUT", body: { customCrm: true } });
    await begin("early", direct, { botid: OTHER_BOT });
    await taken(await deliver(foreign, direct));
    await direct.stop();

    const durable = await startOn();
    await taken(await deliver(reply("early"), durable));
    assert.equal((await replies("early", durable)).length, 2, "what was kept directly is known");
    await problem(await deliver(reply("late"), durable), 404, "no-such-conversation");
  });
});

describe("a reply that was there before", () => {
  test("is kept, and marked with the number of the first", async () => {
    for (const id of ["again", "again-elsewhere"]) await begin(id);
    const body = reply("again");
    for (const sent of [body, body, `${body} `, reply("again", { text: "Hullo" }), body]) {
      await taken(await deliver(sent));
    }
    await taken(await deliver(reply("again-elsewhere")));
    const found = await replies("again");
    const [first] = found;
    assert.deepEqual(
      found.map(({ repeatOf }) => repeatOf),
      [undefined, first.seq, undefined, undefined, first.seq],
    );
    assert.ok(found.every((entry) => entry.reply));
    assert.equal("repeatOf" in (await replies("again-elsewhere"))[0], false);
  });

  test("is told by its bytes, whatever proves it", async () => {
    await begin("proven-again");
    const body = reply("proven-again");
    await taken(await post(body, SIGN.standard(body, { id: "msg_1" })));
    await taken(await post(body, SIGN.standard(body, { id: "msg_1" })));
    await taken(await post(body, SIGN.standard(body, { id: "msg_2" })));
    const other = reply("proven-again", { text: "Another" });
    await taken(await post(other, SIGN.standard(other, { id: "msg_1" })));
    const found = await replies("proven-again");
    const { seq } = found[0];
    assert.deepEqual(
      found.map(({ repeatOf }) => repeatOf),
      [undefined, seq, seq, undefined],
    );
  });

  test("counts for 15 minutes from the first", async (t) => {
    const { folder, startOn } = await onDisk(t, { relay: ALL });
    const first = await startOn();
    for (const id of ["recent", "long-ago"]) {
      await begin(id, first);
      await taken(await deliver(reply(id), first));
    }
    await first.stop();
    assert.equal(age(folder, '%"recent"%', 14), 1);
    assert.equal(age(folder, '%"long-ago"%', 16), 1);

    const second = await startOn();
    for (const id of ["recent", "long-ago"]) {
      for (let round = 0; round < 2; round += 1) await taken(await deliver(reply(id), second));
    }
    const places = async (id) => {
      const found = await replies(id, second);
      return found.map(({ repeatOf }) => found.findIndex(({ seq }) => seq === repeatOf));
    };
    assert.deepEqual(await places("recent"), [-1, 0, 0]);
    assert.deepEqual(await places("long-ago"), [-1, -1, 1]);
  });

  test("as the emulator makes it", async (t) => {
    const twice = await startPair();
    t.after(() => twice.stop());
    await twice.emulator.admin("/faults", { method: "POST", body: { fault: { kind: "reply-twice" } } });
    await begin("twice", twice.relay);
    const found = await until("both", async () => {
      const all = await replies("twice", twice.relay);
      return all.length === 2 && all;
    });
    assert.deepEqual(
      found.map(({ repeatOf }) => repeatOf),
      [undefined, found[0].seq],
    );
  });
});

/** Of a folder whose relay has stopped, what this finds in each conversation's database. */
function inEach(folder, look) {
  const names = readdirSync(folder, { recursive: true });
  return names
    .filter((name) => /Conversation.[0-9a-f]+\.sqlite$/.test(name))
    .map((name) => {
      const database = new DatabaseSync(join(folder, name));
      try {
        return look(database);
      } finally {
        database.close();
      }
    });
}

/** Whether each has tables: the relay's, not SQLite's and the platform's. */
const hasTables = (folder) =>
  inEach(folder, (database) => {
    const ours = "type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_cf%' ESCAPE '\\'";
    return database.prepare(`SELECT count(*) AS count FROM sqlite_master WHERE ${ours}`).get().count > 0;
  });

/** Makes the replies whose words are like this so many minutes older, and says how many there were. */
function age(folder, like, minutes) {
  const older = `UPDATE entry SET done_ms = done_ms - :ms, at_ms = at_ms - :ms
    WHERE direction = 'reply' AND 2 * seq IN (SELECT id FROM words WHERE text LIKE :like)`;
  const counts = inEach(
    folder,
    (database) => database.prepare(older).run({ ms: minutes * 60_000, like }).changes,
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
