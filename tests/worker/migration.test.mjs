// What an earlier schema wrote opens, is brought up to date, and goes on its way.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { secret } from "../../scripts/local.mjs";
import { Service } from "../chaos/service.mjs";
import { onDisk } from "./disk.mjs";
import { BOT_ID, until } from "./harness.mjs";
import { writeFolder } from "./previous.mjs";

/** The number of the schema of today. */
const NEWEST = 5;

const conversations = (count) => Array.from({ length: count }, (_, index) => `earlier ${index}`);

const delivered = async (emulator, id) => {
  const { body } = await emulator.admin(`/journal?kind=event&conversation=${encodeURIComponent(id)}`);
  return body.entries.filter(({ status }) => status === 200).map((entry) => JSON.parse(entry.body).text);
};

const entries = async (relay, id) =>
  (await (await relay.get(`/conversations/${encodeURIComponent(id)}`)).json()).entries;

test("schema 1: what has passed can be read, and new events go behind it", async (t) => {
  const { folder, startOn } = await onDisk(t);
  await writeFolder(folder, 1, ["earlier 0"]);
  const relay = await startOn();
  const [before] = await entries(relay, "earlier 0");
  assert.deepEqual([before.seq, before.event.text, before.state], [1, "passed", undefined]);
  const answer = await relay.send(JSON.stringify({ platformConversationId: "earlier 0", text: "new" }));
  assert.equal(answer.status, 200);
  const found = (await entries(relay, "earlier 0")).filter((entry) => entry.event);
  assert.deepEqual(
    found.map(({ seq, event }) => [seq, event.text]),
    [
      [1, "passed"],
      [2, "new"],
    ],
  );
});

for (const schema of [1, 2, 3]) {
  test(`schema ${schema}: its conversations are known to replies, and repeats among these are marked`, async (t) => {
    const { folder, startOn } = await onDisk(t);
    await writeFolder(folder, schema, ["earlier"]);
    const relay = await startOn();
    const body = JSON.stringify({ platformConversationId: "earlier", text: "a reply" });
    for (let round = 0; round < 2; round += 1) {
      const path = "/webhooks/ticket/webhook_secret_of_a_test";
      assert.equal((await fetch(`${relay.url}${path}`, { method: "POST", body })).status, 200);
    }
    const [first, second] = (await entries(relay, "earlier")).filter((entry) => entry.reply);
    assert.deepEqual([first.repeatOf, second.repeatOf], [undefined, first.seq]);
  });
}

test("schema 2: what waits is sent without anybody asking, in order", async (t) => {
  const { folder, emulator, startOn } = await onDisk(t);
  const ids = conversations(20);
  await writeFolder(folder, 2, ids, { alarmMs: () => Date.now() + 3_000 });
  const relay = await startOn();
  for (const id of ids) {
    await until(id, async () => (await delivered(emulator, id)).length === 2, 20_000);
    assert.deepEqual(await delivered(emulator, id), ["first", "second"]);
    // The API has it a moment before the relay knows.
    await until(`${id}, delivered`, async () => {
      const states = (await entries(relay, id)).filter((entry) => entry.event).map(({ state }) => state);
      return String(states) === String([undefined, "delivered", "delivered"]);
    });
  }
});

test("schema 2, killed over and over in the midst of it: nothing is lost, nobody overtakes", async (t) => {
  const { folder, emulator } = await onDisk(t);
  const ids = conversations(150);
  const from = Date.now() + 8_000;
  await writeFolder(folder, 2, ids, { alarmMs: (index) => from + 40 * index });
  const scratch = join(folder, "scratch");
  const relay = new Service("wrangler.toml", {
    scratch,
    persist: folder,
    variables: { API_BASE_URL: emulator.url, API_KEY: emulator.key, BOT_ID, RELAY_KEYS: secret("relay") },
  });
  t.after(() => relay.stop());
  await sleep(from - 1_000 - Date.now());
  let midst = 0;
  while (Date.now() < from + 40 * ids.length) {
    await relay.start();
    await sleep(Math.max(0, from - Date.now()) + 300);
    relay.kill();
    const done = migrated(folder);
    midst += Number(done > 0 && done < ids.length);
  }
  await relay.start();
  for (const id of ids) {
    await until(id, async () => new Set(await delivered(emulator, id)).size === 2, 30_000);
    const texts = await delivered(emulator, id);
    assert.deepEqual(texts, texts.toSorted(), `${id}: ${texts}`);
  }
  assert.equal(migrated(folder), ids.length);
  assert.ok(midst > 0, "no kill came while some were brought up to date and others were not");
});

/** How many conversations have the newest schema; none is in between. Looks at a copy. */
function migrated(folder) {
  const copy = mkdtempSync(join(tmpdir(), "ticketwire-copy-"));
  try {
    cpSync(folder, copy, { recursive: true });
    const files = readdirSync(copy, { recursive: true }).filter((name) =>
      /Conversation.*\.sqlite$/.test(name),
    );
    const numbers = files.map((name) => schemaOf(join(copy, name))).filter(Boolean);
    assert.deepEqual(
      numbers.filter((number) => number !== 2 && number !== NEWEST),
      [],
    );
    return numbers.filter((number) => number === NEWEST).length;
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** The number of a conversation's schema; none where the file is not one's. */
function schemaOf(file) {
  const database = new DatabaseSync(file);
  try {
    const tables = database
      .prepare("SELECT name FROM sqlite_master WHERE name IN ('migration', 'notice')")
      .all();
    if (tables.length === 0) return undefined;
    const { count } = database.prepare("SELECT count(*) AS count FROM migration").get();
    assert.equal(count === NEWEST, tables.length === 2, "the number says what is there");
    return count;
  } finally {
    database.close();
  }
}
