// The wire of `npm run chaos`: passes on what comes, tells what was under way, and loses what it is told to.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { Wire } from "./wire.mjs";

const EVENT = '{"platformConversationId":"case-1","text":"case-1#7 Größe"}';

let api;
let wire;
let url;
let ask;
let got;
let records;

before(async () => {
  api = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    got.push({ headers: request.headers, body: Buffer.concat(chunks).toString(), path: request.url });
    response.writeHead(503, { "retry-after": "2" }).end("no");
  });
  await new Promise((resolve) => api.listen(0, "127.0.0.1", resolve));
  const ledger = { write: (_book, record) => records.push(record) };
  wire = new Wire({ ledger, upstream: `http://127.0.0.1:${api.address().port}`, ask: (...of) => ask(...of) });
  url = await wire.listen();
});

beforeEach(() => {
  got = [];
  records = [];
  ask = () => undefined;
  wire.starting();
});

after(() => Promise.all([wire.close(), new Promise((resolve) => api.close(resolve))]));

// Each on a connection of its own, as a new relay has.
const post = () =>
  fetch(`${url}/path?q`, { method: "POST", body: EVENT, headers: { botid: "b", connection: "close" } });
const ending = () => records.find(({ what }) => what === "ended")?.by;

test("passes on a request and its answer as they are", async () => {
  const moments = [];
  ask = (moment, { conversation, n }) => void moments.push(`${moment} ${conversation}#${n}`);
  const answer = await post();
  assert.deepEqual([answer.status, answer.headers.get("retry-after"), await answer.text()], [503, "2", "no"]);
  assert.deepEqual([got[0].body, got[0].path, got[0].headers.botid], [EVENT, "/path?q", "b"]);
  assert.deepEqual(
    moments.sort(),
    ["answered", "arrived", "given", "passed"].map((moment) => `${moment} case-1#7`),
  );
  assert.equal(ending(), "answer");
  assert.ok(wire.hasSeen({ conversation: "case-1", n: 7 }));
});

test("passes nothing on where it is stopped on arrival", async () => {
  ask = (moment) => moment === "arrived" && "stop";
  await assert.rejects(post());
  assert.deepEqual(got, []);
});

test("loses an answer where it is told to", async () => {
  ask = (moment) => (moment === "answered" ? "cut" : undefined);
  await assert.rejects(post());
  assert.equal(got.length, 1);
  assert.equal(ending(), "cut");
});

test("what is under way at a kill is so no more, and comes to the API all the same", async () => {
  ask = (moment) => moment === "arrived" && wire.killed();
  await assert.rejects(post());
  assert.equal(got.length, 1);
  assert.equal(ending(), "kill");
});

test("what a killed relay had sent is of the kill, even on a connection seen only later", async () => {
  wire.killed();
  await assert.rejects(post());
  assert.equal(got.length, 1);
  assert.equal(ending(), "kill");
});
