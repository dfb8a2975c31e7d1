// Canaries are put wherever somebody writes or something is secret, and sent every way there is: they
// get where they have to, and nowhere else.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { SECRETS, canaries } from "./customers.mjs";
import { bytesOf, filesIn } from "./disk.mjs";
import { until } from "./harness.mjs";
import { startOutside } from "./outside.mjs";
import { OTHER_BOT, customers, deleted, sendToEcho, use } from "./traffic.mjs";

const READ = ["transcript", "stream"];

/** On the disk while it is kept. */
const KEPT = ["disk", "disk, after delivery"];

/** What the relay has to remember of a conversation for a day, so that nothing is taken twice. */
const KNOWN = [...KEPT, "disk, after retention"];

/** Where each kind of canary gets to; everywhere else it must not. */
const TABLE = {
  "API key": ["API"],
  "relay key": [],
  "webhook secret": [],
  "Zendesk's webhook secret": [],
  "standard webhook secret": [],
  "onward secret": [],
  "session secret": [],
  "session's token": ["session"],
  "listed origin": ["head", "session"],

  conversation: ["API", "CRM", "report", "session", ...READ, ...KNOWN],
  bot: ["API", "CRM", "report", "session", ...READ, ...KNOWN],
  text: ["API", ...READ, ...KEPT],
  "variable's name": ["API", ...READ, ...KEPT],
  value: ["API", ...READ, ...KEPT],
  "sanitized value": ["API", "disk"],
  platform: ["API", ...READ, ...KEPT],
  "idempotency key": [],
  "webhook's id": [],
  "reply's text": ["CRM", ...READ, ...KEPT],
  "reply's intent": ["CRM", ...READ, ...KEPT],
  "reply's attachment": ["CRM", ...READ, ...KEPT],
  "reply's own member": ["CRM", ...READ, ...KEPT],

  "deleted: conversation": ["API", "CRM", "report", "transcript", "disk"],
  "deleted: text": ["API", "transcript", "disk"],
  "deleted: variable's name": ["API", "transcript", "disk"],
  "deleted: value": ["API", "transcript", "disk"],
  "deleted: sanitized value": ["API", "disk"],
  "deleted: platform": ["API", "transcript", "disk"],
  "deleted: reply's text": ["CRM", "transcript", "disk"],
  "deleted: reply's intent": ["CRM", "transcript", "disk"],
  "deleted: reply's attachment": ["CRM", "transcript", "disk"],
  "deleted: reply's own member": ["CRM", "transcript", "disk"],

  "refused: conversation": [],
  "refused: text": [],
  "refused: variable's name": [],
  "refused: value": [],
  "refused: sanitized value": [],
  "refused: platform": [],
  "refused: reply's text": [],
  "refused: reply's intent": [],
  "refused: reply's attachment": [],
  "refused: reply's own member": [],
  // A pointer has to name what it points at.
  "refused: unknown member": ["refusal"],

  "stranger's key": [],
  "stranger's secret": [],
  "stranger's bot": [],
  "stranger's idempotency key": [],
  "stranger's path": [],
  "stranger's query": [],
  "stranger's content type": [],
  "bad token": [],
  "caller's request id": [],
  "caller's tracestate": [],
  "caller's trace id": ["API", "log", ...KNOWN],
  "caller's span id": KNOWN,
  "caller's origin": [],
  "caller's headers": [],
  "API's answer": [],
  "CRM's answer": [],
};

let outside;
let relays;

/** Stops both, and starts them on the same folders. */
async function restart(variables) {
  await Promise.all(relays.map((relay) => relay.stop()));
  relays = await Promise.all(relays.map(({ name }) => outside.start(name, variables)));
}

/** For each of these customers, by the relay that keeps their conversation. */
const forEach = (list, act) =>
  Promise.all(
    list.map(({ relay, who }) =>
      act(
        relays.find(({ name }) => name === relay),
        who,
      ),
    ),
  );

const read = (relay, who) => relay.get(`/conversations/${who.id}`, { botid: who.bot });

async function forget(relay, who) {
  const headers = { authorization: `Bearer ${SECRETS.relay[0]}`, botid: who.bot };
  const { status } = await relay.ask(`/conversations/${who.id}`, { method: "DELETE", headers });
  assert.equal(status, 204);
}

async function replayAll([relay]) {
  const { events } = JSON.parse((await relay.get("/parked")).text);
  for (const { id } of events) await relay.act("POST", `/events/${id}/replay`);
}

const isAllSent = async () =>
  (await forEach(customers, read)).every(({ text }) => !/"state":"(pending|sending|parked)"/.test(text));

/** Long: the database folds its journal when an object rests, and the last of them to rest has an alarm first. */
const FOLDING_MS = 45_000;

/** Looks at every byte once all is gone that the table doesn't have in this place. */
async function seeDisk(place) {
  const holdsMore = (file) =>
    [...canaries.kindsIn(bytesOf(file))].some((kind) => !TABLE[kind]?.includes(place));
  const end = Date.now() + FOLDING_MS;
  while (Date.now() < end && filesIn(outside.folder).some(holdsMore)) await sleep(1_000);
  outside.witness.seeFolder(place, outside.folder);
}

/** The CRM fails, and some it wants never again. */
function answersOfCrm() {
  const failures = [500, 302, 429];
  return (body) => (deleted.some(({ who }) => body.includes(who.id)) ? 410 : (failures.shift() ?? 204));
}

/** Everything that happens to what is kept: it is there, is deleted, sent, over, and all deleted. */
async function liveThrough() {
  await Promise.all(relays.map(use));
  for (const relay of relays) await sendToEcho(relay);
  outside.witness.seeFolder("disk", outside.folder);

  await forEach(deleted, forget);
  const { body } = await outside.emulator.admin("/keys", { method: "POST" });
  canaries.add("API key", body.key.slice("emu_".length));
  await restart({ API_KEY: body.key });
  await replayAll(relays);
  await until("all is sent", isAllSent, 20_000);
  await seeDisk("disk, after delivery");

  await restart({ RETENTION_HOURS: "0.0001", PARKED_RETENTION_HOURS: "0.0001" });
  await forEach(customers, read);
  await seeDisk("disk, after retention");

  await forEach(customers, forget);
  await seeDisk("disk, in the end");
}

test("a canary gets where it has to, and nowhere else", async (t) => {
  outside = await startOutside({ crmStatus: answersOfCrm(), otherBot: OTHER_BOT });
  t.after(() => outside.stop());
  for (const file of ["worker.js", "core.wasm"]) {
    outside.witness.see("code", readFileSync(`build/relay/${file}`), file);
  }
  relays = await Promise.all([outside.start("durable"), outside.start("direct")]);
  await liveThrough();

  for (const [kind, places] of Object.entries(TABLE)) {
    await t.test(`${kind}: ${places.join("; ") || "nowhere"}`, () => {
      const seen = outside.witness.whereabouts(kind);
      const missing = places.filter((place) => !seen.has(place));
      const leaked = [...seen].filter(([place]) => !places.includes(place));
      assert.deepEqual({ leaked, missing }, { leaked: [], missing: [] });
    });
  }
  await t.test("there is no other kind", () => {
    assert.deepEqual(canaries.kinds().sort(), Object.keys(TABLE).sort());
  });
  await t.test("each fault of an event was met", () => {
    const vectors = JSON.parse(readFileSync("tests/vectors/events.json"));
    const codes = new Set(vectors.flatMap(({ issues }) => issues.map(([, code]) => code)));
    assert.deepEqual(
      [...codes].filter((code) => !outside.issues.has(code)),
      [],
    );
  });
});
