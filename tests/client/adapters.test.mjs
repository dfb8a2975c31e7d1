// Hosts that send for a plugin: whatever they make of an answer, nothing is taken for one that is none.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { TicketClient } from "../../pkg/dist/index.js";
import { freshworksFetch } from "../../pkg/dist/freshworks.js";
import { hubspotFetch } from "../../pkg/dist/hubspot.js";
import { zendeskFetch } from "../../pkg/dist/zendesk.js";
import { startPair } from "../worker/harness.mjs";

/** Each host's way to answer with this value, whatever it was asked. */
const HOSTS = {
  zendesk: (answer) => zendeskFetch({ request: async (options) => answer(options.url, options.data) }),
  freshworks: (answer) =>
    freshworksFetch(
      {
        request: {
          invokeTemplate: async (_, { body }) => ({
            status: 200,
            response: JSON.stringify(await answer("", body)),
          }),
        },
      },
      "calls",
    ),
  hubspot: (answer) =>
    hubspotFetch({
      fetch: async (url, { body }) => ({ json: async () => answer(url, JSON.stringify(body)) }),
    }),
};

const NO_ANSWERS = [
  ...["<html>login</html>", "", null, true, 7, [], {}, { error: "x" }, { body: null }, { status: "200" }],
  { status: 200 },
  { status: 0, headers: {}, body: null },
  JSON.stringify({ status: 200, headers: { "x-request-id": "r" }, body: null }),
  { status: 200, headers: {}, body: null },
  { status: 202, headers: { "x-request-id": "r" }, body: {} },
];

for (const [host, fetchOf] of Object.entries(HOSTS)) {
  describe(`the adapter of ${host}`, () => {
    let pair;
    before(async () => (pair = await startPair()));
    after(() => pair?.stop());

    const client = (fetch) =>
      new TicketClient({ baseURL: pair.relay.url, token: pair.relay.key, fetch, maxRetries: 0 });

    for (const value of NO_ANSWERS) {
      test(`takes no ${JSON.stringify(value)} for a receipt`, async () => {
        const sent = client(fetchOf(async () => value)).send({ platformConversationId: "c", text: "x" });
        await assert.rejects(sent, ({ code }) => ["network-failed", "unexpected-answer"].includes(code));
      });
    }

    test("brings what the relay answers, whatever is asked", async () => {
      const call = async (_, body) =>
        (await fetch(`${pair.relay.url}/calls`, { method: "POST", body })).json();
      const through = client(fetchOf(call));
      const { state, id } = await through.send({ platformConversationId: host, text: "x" });
      assert.equal(state, "delivered");
      assert.equal((await through.event(id)).state, "delivered");
      assert.equal((await through.conversation(host)).entries[0].id, id);
      assert.equal((await through.ready()).ready, true);
      assert.equal((await through.waiting()).total, 0);
      assert.ok((await through.stats()).stepMs > 0);
      await assert.rejects(through.replay(id), { code: "not-parked" });
    });
  });
}
