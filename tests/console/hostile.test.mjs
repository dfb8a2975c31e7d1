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

  async function reply(platformConversationId, text) {
    const { relay, webhookSecret } = console_.pair;
    const intent = { value: begin(text, 500), name: begin(text, 500), confidence: 0.5 };
    const body = { platformConversationId, text, predictedIntents: [intent], attachments: [{ path: text }] };
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
