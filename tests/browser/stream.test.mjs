// A stream in a browser, whose page is of another origin than the relay: its own EventSource, and a
// WebSocket, with a session's token in the URL.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { secret } from "../../scripts/local.mjs";
import { assertComplete, replies } from "../worker/follower.mjs";
import { startPair, until } from "../worker/harness.mjs";
import { persist, startKillable, transcript } from "../worker/killable.mjs";
import { objectName } from "../worker/names.mjs";
import { skip, startBrowser } from "./chromium.mjs";
import { startSite } from "./site.mjs";

const KILLS = 3;
const SILENCE_MS = 33_000;
const LARGE = [{ path: "x".repeat(20_000) }];

describe("a stream in a browser", { skip, concurrency: true }, () => {
  let browser;
  let site;
  let pair;
  before(async () => {
    browser = await startBrowser();
    site = await startSite();
    pair = await startPair({ relay: variables(), emulator: { EMULATOR_WEBHOOK_URL: "" } });
  });
  after(() => Promise.all([browser?.close(), site?.stop(), pair?.stop()]));

  /** What lets the page in. */
  const variables = () => ({
    ALLOWED_ORIGINS: site.origin,
    SESSION_SECRETS: `test:${secret("session")}`,
  });

  test("stays through half a minute of silence", async (t) => {
    const { page, reply, complete } = await opened(t, "silence", pair);
    await sleep(SILENCE_MS);
    await reply("still there?");
    await complete("still there?");
    assert.deepEqual(await connections(page), { events: 1, socket: 1 });
  });

  test("goes on through evictions that leave sockets to hibernate", async (t) => {
    const { id, page, reply, complete } = await opened(t, "evicted", pair);
    for (let round = 0; round < 3; round += 1) {
      await pair.relay.evict("Conversation", objectName(id), "hibernate");
      await reply(`behind eviction ${round}`);
      await complete(`behind eviction ${round}`);
    }
    assert.deepEqual(await connections(page), { events: 1, socket: 1 });
  });

  test("waits for a page that is busy", async (t) => {
    const { page, reply, complete } = await opened(t, "busy", pair);
    for (let round = 0; round < 2; round += 1) {
      const blocked = page.evaluate(() => block(3_000));
      for (let count = 0; count < 40; count += 1) await reply(`${round} ${count}`, { attachments: LARGE });
      await blocked;
    }
    await complete("1 39");
    assert.deepEqual(await connections(page), { events: 1, socket: 1 });
  });

  test("goes on through kills of the relay", async (t) => {
    const relay = await startKillable(t, variables());
    const { page, reply, complete } = await opened(t, "killed", { relay });
    let count = 0;
    for (let round = 0; round < KILLS; round += 1) {
      relay.service.standBy();
      for (const end = Date.now() + 2_000; Date.now() < end; count += 1) await reply(`reply ${count}`);
      relay.service.kill();
      const during = reply(`reply ${(count += 1)}`);
      await relay.service.start();
      await during;
    }
    await reply("the end");
    await complete("the end");
    const { events, socket } = await connections(page);
    assert.ok(events > 1 && socket > 1, "both have connected again");
  });

  test("is not for a page of another site, nor for one without a token", async (t) => {
    const stranger = await startSite();
    t.after(() => stranger.stop());
    const { url, token } = await conversation("closed", pair);
    const refused = async (origin, address) => {
      const page = await pageOf(t, origin);
      await page.evaluate((url) => followEvents("events", url), address);
      await until("a refusal", async () => (await stateOf(page, "events")) === 2);
      assert.deepEqual(await framesOf(page, "events"), []);
    };
    await refused(stranger.origin, `${url}?token=${token}`);
    await refused(site.origin, url);
    const known = await pageOf(t, site.origin);
    await known.evaluate((url) => followEvents("events", url), `${url}?token=${token}`);
    await until("its frames", async () => (await framesOf(known, "events")).length > 0);
  });

  /** A conversation that has begun, and what a page needs to follow it. */
  async function conversation(id, { relay, webhookSecret }) {
    const path = `/conversations/${id}`;
    const headers = { authorization: `Bearer ${relay.key}`, "content-type": "application/json" };
    const post = (path, body) =>
      fetch(`${relay.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    const say = () => post("/converse/ticket", { platformConversationId: id, text: "Hello" });
    await persist(say);
    const secret = webhookSecret ?? relay.webhookSecret;
    const reply = (text, rest = {}) =>
      persist(() => post(`/webhooks/ticket/${secret}`, { platformConversationId: id, text, ...rest }));
    const minted = await post("/sessions", { conversation: id, scope: "read" });
    assert.equal(minted.status, 201);
    const { token } = await minted.json();
    return { id, path, url: `${relay.url}${path}/stream`, token, reply };
  }

  /** A page that follows a conversation both ways. `complete` waits until it has seen a reply, then judges all. */
  async function opened(t, name, where) {
    const told = await conversation(name, where);
    const page = await pageOf(t, site.origin);
    await page.evaluate((url) => {
      followEvents("events", url);
      followSocket("socket", url);
    }, `${told.url}?token=${told.token}`);
    const complete = async (last) => {
      for (const way of ["events", "socket"]) {
        const seen = async () => replies(await framesOf(page, way)).includes(last);
        await until(`${last}, by ${way}`, seen, 20_000);
        assertComplete(await framesOf(page, way), await transcript(where.relay, told.path));
      }
    };
    await until("both to have begun", async () => {
      const [events, socket] = await Promise.all(["events", "socket"].map((way) => framesOf(page, way)));
      return events.length >= 2 && socket.length >= 2;
    });
    return { ...told, page, complete };
  }

  /** A page of a site, in a window that shares nothing with others. */
  async function pageOf(t, origin) {
    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(`${origin}/`);
    return page;
  }
});

const framesOf = (page, way) => page.evaluate((way) => followers[way].frames, way);

const stateOf = (page, way) => page.evaluate((way) => followers[way].state(), way);

const connections = (page) =>
  page.evaluate(() => ({ events: followers.events.connections, socket: followers.socket.connections }));
