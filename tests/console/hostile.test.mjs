// Whatever somebody writes is shown as text, and breaks nothing.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { skip } from "../browser/chromium.mjs";
import { send, startConsole, write } from "./page.mjs";

const TEXTS = {
  "a script": '<script>window.isHurt = true</script><img src=x onerror="window.isHurt = true">',
  "an attribute": '" onmouseover="window.isHurt = true" x="',
  "a template": "${window.isHurt = true} {{isHurt}} <!--?lit$0$-->",
  "text that turns round": "invoice \u202egnp.exe\u202c \u2066\u2067\u2069 \u061c‏עברית عربي",
  "emoji sequences": "👩‍👩‍👧‍👦🏳️‍🌈👍🏽🇩🇪".repeat(40),
  "marks on marks": `Z${"\u0351\u0334\u0353".repeat(300)}algo`,
  "a word without end": "x".repeat(5_000),
  "100 kB": "many words, ".repeat(8_500),
  "lines upon lines": "\n".repeat(3_000),
  "what JSON knows": '\\" \\u0000 \u2028 \u2029 \ufeff',
};

describe("what somebody writes", { skip }, () => {
  let console_;
  before(async () => (console_ = await startConsole()));
  after(() => console_?.stop());

  for (const width of [375, 1440]) {
    for (const [name, text] of Object.entries(TEXTS)) {
      test(`${name}, at ${width} px`, async (t) => {
        const page = await console_.open(t, { viewport: { width, height: 800 } });
        const conversation = `hostile ${name} ${width} <b>`;
        const metaData = [{ key: begin(text, 10).trim() || "k", value: begin(text, 1_000) }];
        await write(page, JSON.stringify({ platformConversationId: conversation, text, metaData }));
        await send(page);
        await page.locator(".event[data-state=delivered]").waitFor();
        await reply(conversation, text);
        await page.locator(".reply .spoken", { hasNotText: "shipping" }).last().waitFor();
        const seen = await page.evaluate(look);
        assert.equal(seen.event, text);
        assert.ok(seen.replies.includes(text));
        assert.deepEqual(
          { ...seen, event: "", replies: "" },
          { isHurt: false, isTooWide: false, event: "", replies: "" },
        );
      });
    }
  }

  test("replies of odd shapes are shown as far as they can be", async (t) => {
    const page = await console_.open(t);
    const conversation = "odd";
    await write(page, JSON.stringify({ platformConversationId: conversation, text: "x" }));
    await send(page);
    await page.locator(".event[data-state=delivered]").waitFor();
    await page.locator(".reply").waitFor();
    const odd = [
      { text: 7, predictedIntents: "none", attachments: { path: "x" } },
      { predictedIntents: [null, 5, "x", {}, { name: null, confidence: "7" }, { name: {}, confidence: 99 }] },
      { attachments: [null, {}, { path: 7 }, { path: null }, "x"] },
      { predictedIntents: null, attachments: null, text: null },
      { extra: "x", seq: "y", type: "event", __proto__: null },
    ];
    for (const members of odd) await post({ platformConversationId: conversation, ...members });
    await post({ platformConversationId: conversation, text: "the last" });
    await page.getByText("the last").waitFor();
    // And the agent's own answer.
    assert.equal(await page.locator(".reply").count(), odd.length + 2);
    // What has no place of its own is shown all the same.
    const more = (await page.locator(".reply pre").allTextContents()).map((text) => JSON.parse(text));
    assert.ok(more.some(({ text, attachments }) => text === 7 && attachments.path === "x"));
  });

  function reply(platformConversationId, text) {
    const intent = { value: begin(text, 500), name: begin(text, 500), confidence: 0.5 };
    return post({ platformConversationId, text, predictedIntents: [intent], attachments: [{ path: text }] });
  }

  /** The agent says this. */
  async function post(body) {
    const { relay, webhookSecret } = console_.pair;
    const answer = await fetch(`${relay.url}/webhooks/ticket/${webhookSecret}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    assert.equal(answer.status, 200);
  }
});

/** So many characters of it, none of them cut in two. */
const begin = (text, length) => Array.from(text).slice(0, length).join("");

/** In the page. */
function look() {
  const spoken = (kind) => [...document.querySelectorAll(`${kind} .spoken`)].map((node) => node.textContent);
  const { scrollWidth, clientWidth } = document.documentElement;
  return {
    isHurt: Boolean(window.isHurt),
    isTooWide: scrollWidth > clientWidth,
    event: spoken(".event")[0],
    replies: spoken(".reply"),
  };
}
