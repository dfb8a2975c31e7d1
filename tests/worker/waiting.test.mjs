// What is held up is listed across conversations, with why, until it has gone its way.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, test } from "node:test";
import { onDisk } from "./disk.mjs";
import { problem, startPair, until } from "./harness.mjs";

const event = (id, text) => JSON.stringify({ platformConversationId: id, text, platform: "PUBLIC_API" });

const list = async (relay, name, query = "") => (await relay.get(`/${name}?${query}`)).json();

/** What a list has of these conversations. */
const listed = async (relay, name, ids) => {
  const { events } = await list(relay, name, "limit=500");
  return events.filter(({ platformConversationId }) => ids.includes(platformConversationId));
};

const post = (relay, path) =>
  fetch(`${relay.url}${path}`, { method: "POST", headers: { authorization: `Bearer ${relay.key}` } });

const forget = (relay, id) =>
  fetch(`${relay.url}/conversations/${id}`, {
    method: "DELETE",
    headers: { authorization: `Bearer ${relay.key}` },
  });

/** Faults of the API in a conversation, until they are called off. */
const fault = (emulator, conversation, status) =>
  emulator.admin("/faults", {
    method: "POST",
    body: { fault: { kind: "status", status }, times: "always", conversation },
  });

const well = (emulator) => emulator.admin("/faults", { method: "DELETE" });

describe("what is held up", () => {
  let crm;
  let pair;
  before(async () => {
    crm = await startCrm();
    const onward = { ONWARD_URL: crm.url, ONWARD_SECRETS: "whsec_c2VjcmV0IG9mIHRoZSB0ZXN0IG9mIHdhaXRpbmc=" };
    pair = await startPair({ relay: onward });
  });
  after(() => Promise.all([pair?.stop(), crm?.stop()]));

  const waiting = (...ids) => listed(pair.relay, "waiting", ids);
  const isEmpty = (...ids) =>
    until("an empty list", async () => (await waiting(...ids)).length === 0, 20_000);

  test("is listed with why, when it is tried again, and how many wait behind it; then no more", async () => {
    const { emulator, relay } = pair;
    await fault(emulator, "held", 503);
    for (const text of ["one", "two", "three"])
      assert.equal((await relay.send(event("held", text))).status, 202);
    const found = await until("it with both behind it", async () => {
      const [first, ...more] = await waiting("held");
      assert.deepEqual(more, []);
      return first?.waiting === 3 && first;
    });
    assert.deepEqual([found.kind, found.lastTry], ["event", { code: "api-failed", apiStatus: 503 }]);
    assert.ok(found.tries >= 1 && found.nextTryMs > found.acceptedMs);
    const { waiting: count, parked } = await (await relay.get("/ready")).json();
    assert.deepEqual([count, parked], [1, 0]);
    await well(emulator);
    await isEmpty("held");
    assert.equal((await (await relay.get("/ready")).json()).waiting, 0);
  });

  test("is not listed where it arrives at once, nor what never failed", async () => {
    const { relay } = pair;
    assert.equal((await relay.send(event("at once", "one"))).status, 200);
    assert.deepEqual(await waiting("at once"), []);
  });

  test("keeps its place from try to try, and is read page by page", async () => {
    const { emulator, relay } = pair;
    const ids = ["first", "second", "third"];
    for (const id of ids) {
      await fault(emulator, id, 503);
      await relay.send(event(id, "text"));
    }
    await until("more tries of all", async () => (await waiting(...ids)).every(({ tries }) => tries > 1));
    const order = async () => (await waiting(...ids)).map((each) => each.platformConversationId);
    assert.deepEqual(await order(), ids);
    const page = await list(relay, "waiting", "limit=2");
    assert.deepEqual([page.events.length, page.total, page.more], [2, 3, 1]);
    const rest = await list(relay, "waiting", `after=${page.nextAfter}`);
    assert.deepEqual([rest.events[0].platformConversationId, rest.nextAfter], ["third", undefined]);
    await problem(await relay.get("/waiting?limit=0"), 400, "invalid-query");
    await well(emulator);
    await isEmpty(...ids);
  });

  test("changes lists with what becomes of it", async () => {
    const { emulator, relay } = pair;
    await fault(emulator, "moves", 503);
    await relay.send(event("moves", "one"));
    await until("it among what waits", async () => (await waiting("moves")).length === 1);
    await well(emulator);
    await fault(emulator, "moves", 400);
    const parked = () => listed(relay, "parked", ["moves"]);
    const [{ id }] = await until("it among what is parked", async () => {
      const found = await parked();
      return found.length === 1 && found;
    });
    assert.deepEqual(await waiting("moves"), []);
    await well(emulator);
    assert.equal((await post(relay, `/events/${id}/replay`)).status, 200);
    await until("both lists without it", async () =>
      (await Promise.all([parked(), waiting("moves")])).every(({ length }) => length === 0),
    );
  });

  test("is struck when its conversation is deleted", async () => {
    const { emulator, relay } = pair;
    await fault(emulator, "deleted", 503);
    await relay.send(event("deleted", "one"));
    await until("it among what waits", async () => (await waiting("deleted")).length === 1);
    assert.equal((await forget(relay, "deleted")).status, 204);
    await isEmpty("deleted");
    await well(emulator);
  });

  test("may be a reply that the CRM does not take", async () => {
    crm.status = 500;
    assert.equal((await pair.relay.send(event("reply", "I need to update my shipping address"))).status, 200);
    const [found] = await until("the reply among what waits", async () => {
      const found = await waiting("reply");
      return found.length === 1 && found;
    });
    assert.deepEqual([found.kind, found.waiting, found.lastTry.onwardStatus], ["reply", 1, 500]);
    crm.status = 204;
    await isEmpty("reply");
  });
});

test("what is held up is still listed after a restart", async (t) => {
  const { emulator, startOn } = await onDisk(t);
  await fault(emulator, "kept", 503);
  const first = await startOn();
  await first.send(event("kept", "one"));
  await until("it among what waits", async () => (await listed(first, "waiting", ["kept"])).length === 1);
  await first.stop();
  const second = await startOn();
  assert.equal((await listed(second, "waiting", ["kept"])).length, 1);
  await well(emulator);
  await until("an empty list", async () => (await list(second, "waiting")).total === 0, 20_000);
});

test("a list of the first release is read, and goes on", async (t) => {
  const { emulator, folder, startOn } = await onDisk(t);
  const first = await startOn();
  await fault(emulator, "old", 400);
  const { id } = await (await first.send(event("old", "one"))).json();
  const [report] = await until("it among what is parked", async () => {
    const found = await listed(first, "parked", ["old"]);
    return found.length === 1 && found;
  });
  await first.stop();
  makeOld(folder, report);
  const second = await startOn();
  assert.deepEqual(await listed(second, "parked", ["old"]), [report]);
  await well(emulator);
  assert.equal((await post(second, `/events/${id}/replay`)).status, 200);
  await until("an empty list", async () => (await list(second, "parked")).total === 0);
});

/** Writes the list's file as the first release had it: all of a report among the words. */
function makeOld(folder, report) {
  const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".sqlite"));
  for (const file of files) {
    const database = new DatabaseSync(join(folder, file));
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE name = 'parked'").all();
    if (tables.length > 0) {
      const words = database.prepare("UPDATE words SET text = ? WHERE id > 0");
      words.run(JSON.stringify(report));
      database.exec("ALTER TABLE parked DROP COLUMN is_waiting; ALTER TABLE parked DROP COLUMN report");
      database.exec("DELETE FROM migration WHERE number = 1");
    }
    database.close();
  }
}

/** A CRM that answers as it is told to. */
async function startCrm() {
  const crm = { status: 204 };
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => response.writeHead(crm.status).end());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => new Promise((resolve) => server.close(resolve).closeAllConnections());
  return Object.assign(crm, { url: `http://127.0.0.1:${server.address().port}/replies`, stop });
}
