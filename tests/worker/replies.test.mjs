// Where a reply goes: into a conversation that is known, word for word, and marked where it repeats one.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { filesWith, onDisk } from "./disk.mjs";
import { BOT_ID, problem, startPair, until } from "./harness.mjs";

const OTHER_BOT = "ffffffffffffffffffffffff";
const SECRET = "webhook_secret_of_a_test";
const STANDARD_SECRET = `whsec_${Buffer.from(SECRET).toString("base64")}`;
const ALL = { WEBHOOK_SECRETS: SECRET, WEBHOOK_STANDARD_SECRETS: STANDARD_SECRET };

let pair;
let relay;
let emulator;
const log = [];

before(async () => {
  // The emulator's own replies would be in the way.
  const silent = { EMULATOR_WEBHOOK_URL: "" };
  pair = await startPair({ relay: ALL, emulator: silent, onLog: (line) => log.push(line) });
  ({ relay, emulator } = pair);
});

after(() => pair.stop());

const reply = (id, more = {}) =>
  JSON.stringify({ botId: BOT_ID, platformConversationId: id, text: "Hello", ...more });

const deliver = (body, to = relay) => fetch(`${to.url}/webhooks/ticket/${SECRET}`, { method: "POST", body });

const remove = (id, from = relay) =>
  fetch(`${from.url}/conversations/${id}`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${from.key}` },
  });

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

  test("one of a conversation that was deleted is refused", async () => {
    await begin("deleted");
    await taken(await deliver(reply("deleted")));
    await remove("deleted");
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

  test("where the bot's id was mended, replies to what had been waiting come under the new one", async (t) => {
    const { folder, emulator: api, startOn } = await onDisk(t, { relay: ALL });
    const hold = async (id, from) => {
      const answer = await from.send(JSON.stringify({ platformConversationId: id, text: "Hi" }));
      assert.equal(answer.status, 202);
      return (await answer.json()).id;
    };
    const mistyped = await startOn({ BOT_ID: OTHER_BOT });
    const ids = ["mended", "deleted-soon", "never-replied"];
    const events = [];
    for (const id of ids) events.push(await hold(id, mistyped));
    for (const id of ids) await problem(await deliver(reply(id), mistyped), 404, "no-such-conversation");
    await mistyped.stop();

    const mended = await startOn();
    for (const id of events) {
      await until(id, async () => (await (await mended.get(`/events/${id}`)).json()).state === "delivered");
    }
    await taken(await deliver(reply("mended"), mended));
    assert.equal((await replies("mended", mended)).length, 1);
    await remove("deleted-soon", mended);
    await problem(await deliver(reply("deleted-soon"), mended), 404, "no-such-conversation");
    await mended.stop();

    // A day later nobody waits for a reply any more, and what was written down for it goes.
    assert.equal(expectations(folder), 2);
    expectedLongAgo(folder);
    const later = await startOn();
    for (const id of ids) await later.get(`/conversations/${id}`);
    await until("the end", async () => {
      const answer = await deliver(reply("never-replied"), later);
      return answer.status === 404;
    });
    assert.equal((await replies("mended", later)).length, 1);
    await later.stop();
    assert.equal(expectations(folder), 0);
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
    for (const id of ["msg_1", "msg_1", "msg_2"]) await taken(await deliverSigned(body, id));
    await taken(await deliverSigned(reply("proven-again", { text: "Another" }), "msg_1"));
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

/** Signed, as Standard Webhooks has it. */
function deliverSigned(body, id) {
  const sent = new Date();
  const headers = {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(sent / 1000)),
    "webhook-signature": new Webhook(STANDARD_SECRET).sign(id, sent, body),
  };
  return fetch(`${relay.url}/webhooks/ticket`, { method: "POST", body, headers });
}

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

/** How many conversations expect replies to what another one sent. */
const expectations = (folder) =>
  inEach(folder, (database) => {
    const isOne = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'identity'").get();
    return isOne && database.prepare("SELECT 1 FROM identity WHERE expected_ms IS NOT NULL").get();
  }).filter(Boolean).length;

const expectedLongAgo = (folder) =>
  inEach(folder, (database) => {
    const isOne = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'identity'").get();
    if (isOne) database.exec("UPDATE identity SET expected_ms = expected_ms - 25 * 3600000");
  });
