// From the first visit to the agent's reply, and back again later.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { skip } from "../browser/chromium.mjs";
import { until } from "../worker/harness.mjs";
import { openPage, send, startConsole, step, write } from "./page.mjs";

describe("somebody who visits the console", { skip }, () => {
  let console_;
  before(async () => (console_ = await startConsole()));
  after(() => console_?.stop());

  test("sees a reply after two actions: opening it, and one button", async (t) => {
    const page = await console_.open(t);
    await send(page);
    const reply = page.locator(".reply");
    await reply.waitFor();
    assert.match(await reply.innerText(), /shipping address/);
    assert.match(await reply.innerText(), /change shipping address\s+93 %/);
    assert.match(await step(page, "delivered").innerText(), /^Delivered after /);
  });

  test("finds the conversation again after a reload, but not what was personal", async (t) => {
    const page = await console_.open(t);
    await send(page);
    await page.locator(".reply").waitFor();
    const { conversation, isKeyGone } = await page.evaluate(() => ({
      conversation: new URLSearchParams(location.hash.slice(1)).get("conversation"),
      isKeyGone: !location.href.includes("key="),
    }));
    assert.ok(isKeyGone, "the key stands in no address");
    assert.match(await page.locator(".event").innerText(), /jo@example\.com/);
    await page.reload();
    await page.locator(".reply").waitFor();
    assert.equal(await page.getByLabel("Conversation", { exact: true }).inputValue(), conversation);
    const event = await page.locator(".event").innerText();
    assert.match(event, /ABC123/);
    assert.match(event, /email\s+personal: not kept/);
    assert.doesNotMatch(event, /jo@example/);
    assert.match(event, /Delivered/);
  });

  test("goes on in the same conversation, or in a new one", async (t) => {
    const page = await console_.open(t);
    await send(page);
    await page.locator(".reply").waitFor();
    await page.getByLabel("Text", { exact: true }).fill("I want a refund");
    await send(page);
    await until("the second reply", async () => (await page.locator(".reply").count()) === 2);
    assert.equal(await page.locator(".event").count(), 2);
    const before = await page.getByLabel("Conversation", { exact: true }).inputValue();
    await page.getByRole("button", { name: "New" }).click();
    await page.getByText("Nothing has been said here yet.").waitFor();
    assert.notEqual(await page.getByLabel("Conversation", { exact: true }).inputValue(), before);
    assert.match(page.url(), /#conversation=case-/);
  });

  test("opens a conversation by its name, and sees what is said there by others", async (t) => {
    const page = await console_.open(t, { place: "conversation=by%20name" });
    await write(page, '{"platformConversationId": "by name & more"}');
    await console_.pair.relay.send('{"platformConversationId":"by name & more","text":"from elsewhere"}');
    await page.getByText("from elsewhere").waitFor();
  });

  test("needs no mouse", async (t) => {
    const page = await console_.open(t);
    await page.getByLabel("Text", { exact: true }).focus();
    for (let presses = 0; presses < 20; presses += 1) {
      await page.keyboard.press("Tab");
      if ((await page.evaluate(() => document.activeElement.textContent.trim())) === "Send") break;
    }
    await page.keyboard.press("Enter");
    await page.locator(".reply").waitFor();
  });

  test("is asked who is there, and told where a key is not taken", async (t) => {
    const { relay } = console_.pair;
    const page = await openPage(t, console_.browser, { url: relay.url, key: "" }, { seesFailures: true });
    await page.getByLabel("A key of this relay").fill("no_key_of_this_relay");
    await page.getByRole("button", { name: "Open the console" }).click();
    await page.getByLabel("A key of this relay").waitFor();
    await page.getByText("wrong-key").waitFor();
    await page.getByLabel("A key of this relay").fill(relay.key);
    await page.keyboard.press("Enter");
    await send(page);
    await page.locator(".reply").waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.reload();
    await page.getByLabel("A key of this relay").waitFor();
  });

  test("copies what does the same from elsewhere", async (t) => {
    const page = await console_.open(t, { permissions: ["clipboard-read", "clipboard-write"] });
    await write(page, `{"platformConversationId": "it's", "text": "$HOME \`x\`"}`);
    await page.getByText("The same from elsewhere").click();
    await page.getByRole("button", { name: "Copy curl" }).click();
    const line = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(!line.includes(console_.pair.relay.key), "no key stands in it");
    const { relay } = console_.pair;
    const { stdout } = await shell(line, { RELAY_KEY: relay.key });
    assert.match(stdout, /^HTTP\/1\.1 200/);
    const { entries } = await (await relay.get("/conversations/it's")).json();
    assert.equal(entries[0].event.text, "$HOME `x`");
    await page.getByRole("button", { name: "Copy JavaScript" }).click();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /new TicketClient\(/);
  });
});

/** Runs a line as somebody would who pastes it. */
async function shell(line, variables) {
  const { execFile } = await import("node:child_process");
  const { promisify } = await import("node:util");
  return promisify(execFile)("sh", ["-c", line], { env: { ...process.env, ...variables } });
}
