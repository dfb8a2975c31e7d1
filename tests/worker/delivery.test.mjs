// Durable delivery in workerd: stored first, sent in order, and what becomes of an event can be seen.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { onDisk } from "./disk.mjs";
import { BOT_ID, startPair, until } from "./harness.mjs";

let pair;
let relay;
let emulator;
const log = [];

before(async () => {
  pair = await startPair({ onLog: (line) => log.push(line) });
  ({ relay, emulator } = pair);
});

after(() => pair.stop());

const event = (id, text, more = {}) =>
  JSON.stringify({ platformConversationId: id, text, platform: "PUBLIC_API", ...more });

const fault = (conversation, status, times = 1, to = emulator) =>
  to.admin("/faults", {
    method: "POST",
    body: { fault: { kind: "status", status }, times, ...(conversation && { conversation }) },
  });

/** The texts that reached the API in a conversation, each with the status it got. */
async function received(conversation, from = emulator) {
  const { body } = await from.admin(
    `/journal?kind=event&limit=10000&conversation=${encodeURIComponent(conversation)}`,
  );
  return body.entries.map((entry) => [JSON.parse(entry.body).text, entry.status]);
}

async function problem(answer, status, code) {
  const text = await answer.text();
  assert.equal(answer.status, status, text);
  const document = JSON.parse(text);
  assert.equal(document.code, code);
  return document;
}

/** Asserts that an event was taken, and gives its report. */
async function taken(answer) {
  const text = await answer.text();
  assert.equal(answer.status, 202, text);
  const report = JSON.parse(text);
  assert.equal(answer.headers.get("location"), `/events/${report.id}`);
  assert.equal(answer.headers.get("ticketwire-event"), report.id);
  return report;
}

const report = async (id, from = relay) => (await from.get(`/events/${id}`)).json();

const reaches = (id, state, from = relay) =>
  until(`${state}`, async () => {
    const found = await report(id, from);
    return found.state === state && found;
  });

const post = (path, from = relay) =>
  fetch(`${from.url}${path}`, { method: "POST", headers: { authorization: `Bearer ${from.key}` } });

describe("an event goes on its way", () => {
  test("the API has it: an empty 200 that names the event", async () => {
    const answer = await relay.send(event("well", "one"));
    assert.deepEqual([answer.status, await answer.text()], [200, ""]);
    const found = await report(answer.headers.get("ticketwire-event"));
    assert.deepEqual(
      [found.state, found.tries, found.platformConversationId, found.botId],
      ["delivered", 1, "well", BOT_ID],
    );
    assert.ok(found.acceptedMs <= found.deliveredMs);
    const { entries } = await (await relay.get("/conversations/well")).json();
    assert.deepEqual([entries[0].id, entries[0].state], [found.id, "delivered"]);
  });

  test("the API fails: 202, and what comes behind waits for its turn", async () => {
    await fault("waits", 503, 2);
    const first = await taken(await relay.send(event("waits", "one")));
    assert.deepEqual([first.state, first.tries], ["pending", 1]);
    assert.deepEqual(first.lastTry, { code: "api-failed", apiStatus: 503 });
    const wait = first.nextTryMs - first.acceptedMs;
    assert.ok(wait > 750 && wait < 1_400, `${wait} ms`);
    const second = await taken(await relay.send(event("waits", "two")));
    assert.deepEqual([second.state, second.tries], ["pending", 0]);

    await reaches(second.id, "delivered");
    assert.deepEqual(await received("waits"), [
      ["one", 503],
      ["one", 503],
      ["one", 200],
      ["two", 200],
    ]);
  });

  test("who would rather not wait is answered at once", async () => {
    await emulator.admin("/faults", {
      method: "POST",
      body: { fault: { kind: "latency", ms: 400 }, conversation: "async" },
    });
    const answer = await relay.send(event("async", "one"), { prefer: "handling=lenient, respond-async;x=1" });
    assert.equal(answer.headers.get("preference-applied"), "respond-async");
    const { id, state, tries } = await taken(answer);
    assert.deepEqual([state, tries], ["sending", 1]);
    await reaches(id, "delivered");
  });

  test("events that come at the same time arrive once each, in the order of their numbers", async () => {
    const texts = Array.from({ length: 30 }, (_, index) => `text ${index}`);
    const answers = await Promise.all(texts.map((text) => relay.send(event("crowd", text))));
    const seq = (answer) => Number(answer.headers.get("ticketwire-event").split("-")[1]);
    const order = texts.toSorted((a, b) => seq(answers[texts.indexOf(a)]) - seq(answers[texts.indexOf(b)]));
    await until("all", async () => (await received("crowd")).length === texts.length);
    assert.deepEqual(
      await received("crowd"),
      order.map((text) => [text, 200]),
    );
  });

  test("warnings and bytes are those of the direct way", async () => {
    const body = ' {"platform":"PUBLIC_API", "platformConversationId":"exact","text":"\\u00e4 \ufeff"}\n';
    const answer = await relay.send(body);
    assert.equal(answer.status, 200);
    const { body: journal } = await emulator.admin("/journal?kind=event&conversation=exact");
    assert.equal(Buffer.from(journal.entries[0].bodyBase64, "base64").toString(), body);
    const warned = await relay.send(
      event("warned", "x", { metaData: [{ key: "mail", value: "jo@example.com" }] }),
    );
    assert.equal(warned.headers.get("ticketwire-warnings"), "personal-data /metaData/0/value");
  });
});

describe("the same event again", () => {
  test("same key, same body: the same event; other body: 409", async () => {
    const headers = { "idempotency-key": "a-key" };
    const first = await relay.send(event("idem", "one"), headers);
    const again = await relay.send(event("idem", "one"), headers);
    assert.deepEqual([first.status, again.status], [200, 200]);
    assert.equal(first.headers.get("ticketwire-event"), again.headers.get("ticketwire-event"));
    assert.deepEqual(
      [first.headers.get("idempotency-replayed"), again.headers.get("idempotency-replayed")],
      [null, "true"],
    );
    await problem(await relay.send(event("idem", "two"), headers), 409, "idempotency-key-reused");
    assert.equal((await received("idem")).length, 1);
  });

  test("fifty at once: one row, one delivery, one answer", async () => {
    await emulator.admin("/faults", {
      method: "POST",
      body: { fault: { kind: "latency", ms: 300 }, conversation: "race" },
    });
    const send = () => relay.send(event("race", "one"), { "idempotency-key": "race" });
    const answers = await Promise.all(Array.from({ length: 50 }, send));
    const said = answers.map((answer) => `${answer.status} ${answer.headers.get("ticketwire-event")}`);
    assert.deepEqual([new Set(said).size, answers[0].status], [1, 200]);
    assert.deepEqual(await received("race"), [["one", 200]]);
    const { entries } = await (await relay.get("/conversations/race")).json();
    assert.equal(entries.filter((entry) => entry.event).length, 1);
  });

  test("a conversation whose id no URL can hold is refused", async () => {
    for (const id of [".", ".."]) {
      await problem(await relay.send(event(id, "x")), 400, "invalid-conversation-id");
    }
  });

  test("what can be no key is told so", async () => {
    for (const key of ["", "x".repeat(256), "with space"]) {
      const answer = await relay.send(event("idem", "x"), { "idempotency-key": key });
      await problem(answer, 400, "invalid-idempotency-key");
    }
  });
});

describe("what the API does not take", () => {
  test("is parked with the reason, is listed, and what is behind it goes on", async () => {
    await fault("parks", 400);
    const parked = await taken(await relay.send(event("parks", "one")));
    assert.equal(parked.state, "parked");
    assert.deepEqual([parked.lastTry.code, parked.lastTry.apiStatus], ["api-refused-event", 400]);
    assert.match(parked.lastTry.detail, /replay/);
    assert.equal((await relay.send(event("parks", "two"))).status, 200);
    await until("the list", async () => {
      const { events } = await (await relay.get("/parked")).json();
      return events.some(({ id }) => id === parked.id);
    });
    await until("a line of the log", () => log.join("").includes('"event":"event-parked"'));
  });

  test("a replay really sends again, once per call, and takes it from the list", async () => {
    await fault("replayed", 422, 2);
    const { id } = await taken(await relay.send(event("replayed", "one")));
    const inVain = await post(`/events/${id}/replay`);
    assert.deepEqual([inVain.status, (await inVain.json()).state], [202, "parked"]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(`/events/${id}/replay`)));
    const statuses = answers.map(({ status }) => status).sort();
    assert.deepEqual([statuses[0], new Set(statuses.slice(1))], [200, new Set([409])]);
    assert.deepEqual(
      (await received("replayed")).map(([, status]) => status),
      [422, 422, 200],
    );
    await problem(await post(`/events/${id}/replay`), 409, "not-parked");
    await until("the list to be without it", async () => {
      const { events } = await (await relay.get("/parked")).json();
      return events.every((event) => event.id !== id);
    });
  });

  test("the list knows at once, whatever is still on its way behind", async () => {
    await fault("busy", 503);
    await taken(await relay.send(event("busy", "first")));
    const pass = { fault: { kind: "pass" }, conversation: "busy" };
    await emulator.admin("/faults", { method: "POST", body: pass });
    await fault("busy", 400);
    const { id } = await taken(await relay.send(event("busy", "refused")));
    await emulator.admin("/faults", {
      method: "POST",
      body: { fault: { kind: "latency", ms: 150 }, times: 40, conversation: "busy" },
    });
    for (let count = 0; count < 40; count += 1) await relay.send(event("busy", `behind ${count}`));
    await reaches(id, "parked");
    const { events } = await until(
      "the list",
      async () => {
        const page = await (await relay.get("/parked?limit=500")).json();
        return page.events.some((event) => event.id === id) && page;
      },
      2_000,
    );
    assert.ok(events.length > 0);
  });

  test("the list is read page by page, and says how many more", async () => {
    const ids = [];
    for (const name of ["page-1", "page-2", "page-3"]) {
      await fault(name, 404);
      ids.push((await taken(await relay.send(event(name, "x")))).id);
    }
    const list = async (query) => (await relay.get(`/parked?${query}`)).json();
    const all = await until("all three", async () => {
      const page = await list("limit=500");
      return ids.every((id) => page.events.some((event) => event.id === id)) && page;
    });
    assert.deepEqual([all.more, all.total, all.nextAfter], [0, all.events.length, undefined]);
    const found = [];
    for (let after = 0; after !== undefined;) {
      const page = await list(`limit=1&after=${after}`);
      found.push(...page.events);
      assert.equal(page.more, all.total - found.length);
      after = page.nextAfter;
    }
    assert.deepEqual(found, all.events);
    await problem(await relay.get("/parked?limit=0"), 400, "invalid-query");
  });

  test("what is no event's id: 404", async () => {
    for (const id of ["x", `${"0".repeat(64)}-1`, `${"0".repeat(64)}-0`, "%F0%9F%98%80"]) {
      await problem(await relay.get(`/events/${id}`), 404, "no-such-event");
      await problem(await post(`/events/${id}/replay`), 404, "no-such-event");
    }
    await problem(await fetch(`${relay.url}/parked`), 401, "no-key");
    await problem(await fetch(`${relay.url}/events/x`), 401, "no-key");
  });
});

describe("when there is no room", () => {
  test("429, and nothing is taken", async (t) => {
    const small = await startPair({ relay: { MAX_WAITING_EVENTS: "2", MAX_WAITING_BYTES: "1000" } });
    t.after(() => small.stop());
    await fault(undefined, 503, "always", small.emulator);
    for (const text of ["one", "two"]) await taken(await small.relay.send(event("full", text)));
    const refused = await small.relay.send(event("full", "three"));
    assert.ok(Number(refused.headers.get("retry-after")) > 0);
    await problem(refused, 429, "too-many-waiting");
    await problem(await small.relay.send(event("large", "x".repeat(1000))), 429, "too-many-waiting");
    const { entries } = await (await small.relay.get("/conversations/full")).json();
    assert.deepEqual(
      entries.map((entry) => entry.event.text),
      ["one", "two"],
    );
    await small.emulator.admin("/faults", { method: "DELETE" });
    await until("room", async () => (await small.relay.send(event("full", "three"))).status < 300, 20_000);
  });
});

describe("after a stop", () => {
  test("what waits goes on without anybody asking, in order", async (t) => {
    const { emulator: api, startOn } = await onDisk(t);
    await fault(undefined, 503, "always", api);
    const first = await startOn();
    for (const name of ["stop-1", "stop-2"]) {
      for (const text of ["one", "two"]) await taken(await first.send(event(name, text)));
    }
    await first.stop();
    await api.admin("/faults", { method: "DELETE" });
    await startOn();
    for (const name of ["stop-1", "stop-2"]) {
      const acknowledged = async () => (await received(name, api)).filter(([, status]) => status === 200);
      await until("both", async () => (await acknowledged()).length === 2, 20_000);
      assert.deepEqual(await acknowledged(), [
        ["one", 200],
        ["two", 200],
      ]);
    }
  });

  test("a bot id that was mistyped and mended loses nothing either", async (t) => {
    const { emulator: api, startOn } = await onDisk(t);
    const first = await startOn({ BOT_ID: "ffffffffffffffffffffffff" });
    const { id } = await taken(await first.send(event("mistyped", "one")));
    assert.equal((await report(id, first)).lastTry.code, "api-credentials-refused");
    await first.stop();
    const second = await startOn();
    assert.equal((await reaches(id, "delivered", second)).tries, 2);
    assert.equal((await received("mistyped", api)).at(-1)[1], 200);
  });

  test("a key that was changed loses nothing: what waits is sent with the new one", async (t) => {
    const { emulator: api, startOn } = await onDisk(t);
    const first = await startOn();
    const { body } = await api.admin("/keys", { method: "POST" });
    const held = await taken(await first.send(event("rotated", "one")));
    assert.deepEqual([held.state, held.lastTry.code], ["pending", "api-credentials-refused"]);
    assert.match(held.lastTry.detail, /API_KEY/);
    await taken(await first.send(event("rotated", "two")));
    assert.equal((await (await first.get("/ready")).json()).apiCredentials.code, "api-credentials-refused");
    await first.stop();

    const second = await startOn({ API_KEY: body.key });
    assert.equal((await reaches(held.id, "delivered", second)).tries, 2);
    await until("both", async () => (await received("rotated", api)).length === 3);
    assert.deepEqual((await received("rotated", api)).slice(1), [
      ["one", 200],
      ["two", 200],
    ]);
    assert.equal((await (await second.get("/parked")).json()).total, 0);
    await until("a clean record", async () => !(await (await second.get("/ready")).json()).apiCredentials);
  });
});
