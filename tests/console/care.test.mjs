// What somebody has typed is neither lost nor sent by mistake.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { skip } from "../browser/chromium.mjs";
import { until } from "../worker/harness.mjs";
import { openPage, press, send, startConsole, step, write } from "./page.mjs";

describe("the console takes care", { skip }, () => {
  let console_;
  before(async () => (console_ = await startConsole()));
  after(() => console_?.stop());
  afterEach(() => console_.pair.emulator.admin("/faults", { method: "DELETE" }));

  const text = (page) => page.getByLabel("Text", { exact: true });
  const json = async (page) => page.getByLabel("The same as JSON").inputValue();

  test("of a key that can't be one: it is told, and asked for again", async (t) => {
    const { browser, pair } = console_;
    const page = await openPage(t, browser, { url: pair.relay.url, key: "" });
    for (const key of ["Bearer abc", "schlüssel"]) {
      await page.getByLabel("A key of this relay").fill(key);
      await page.keyboard.press("Enter");
      await page.getByText("invalid-options").waitFor();
    }
    await page.reload();
    await page.getByLabel("A key of this relay").waitFor();
  });

  test("of other people's conversations: the example is not for them, and Enter sends nothing", async (t) => {
    const page = await console_.open(t, { place: "conversation=a%20customer" });
    assert.equal(await text(page).inputValue(), "");
    await page.getByLabel("Conversation", { exact: true }).press("Enter");
    await page.getByText("Nothing has been said here yet.").waitFor();
  });

  test("of what is typed while an event is on its way", async (t) => {
    const page = await console_.open(t);
    await press(page, "Slow");
    await send(page);
    await text(page).fill("second");
    await step(page, "delivered").waitFor();
    assert.equal(await text(page).inputValue(), "second");
    await press(page, "Up");
    await send(page);
    await until("both", async () => (await page.locator(".event[data-state=delivered]").count()) === 2);
    assert.match(await page.locator(".event").last().innerText(), /^second/);
  });

  test("of an answer that was lost: the same once more is the same event", async (t) => {
    const page = await console_.open(t, { seesFailures: true });
    let lost = 0;
    await page.route("**/converse/ticket", async (route) => {
      await route.fetch();
      lost += 1;
      await route.abort();
    });
    await send(page);
    await page.getByText("network-failed").waitFor({ timeout: 20_000 });
    assert.ok(lost > 1);
    await page.unroute("**/converse/ticket");
    await send(page);
    await page.getByText("Can go").waitFor();
    assert.equal(await page.locator(".event").count(), 1);
  });

  test("of a draft, and of what is personal, while one looks elsewhere", async (t) => {
    const page = await console_.open(t);
    await send(page);
    await step(page, "delivered").waitFor();
    await text(page).fill("not sent yet");
    await page.getByRole("link", { name: "Operate" }).click();
    await page.getByRole("heading", { name: "The last hour" }).waitFor();
    await page.getByRole("link", { name: "Conversation" }).click();
    assert.equal(await text(page).inputValue(), "not sent yet");
    assert.match(await page.locator(".event").innerText(), /jo@example\.com/);
  });

  test("of what is said of the API: each view says the same", async (t) => {
    const page = await console_.open(t);
    const pressed = () => page.locator('.faults [aria-pressed="true"]').allInnerTexts();
    await press(page, "Down");
    await page.getByRole("link", { name: "Emulator" }).click();
    await until("the emulator's", async () => String(await pressed()) === "Down");
    await press(page, "Slow");
    await page.getByRole("link", { name: "Conversation" }).click();
    await until("the conversation's", async () => String(await pressed()) === "Slow");
  });

  test("of a conversation that was deleted: it says so, and goes on with the next event", async (t) => {
    const page = await console_.open(t, { place: "conversation=deleted" });
    await text(page).fill("one");
    await send(page);
    await step(page, "delivered").waitFor();
    const { url, key } = console_.pair.relay;
    await fetch(`${url}/conversations/deleted`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${key}` },
    });
    await page.getByText("conversation-deleted").waitFor();
    await page.getByText("Not connected").waitFor();
    await text(page).fill("two");
    await send(page);
    await page.locator(".event", { hasText: "two" }).waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
  });

  test("of variables of any shape, and says the line of what is no JSON", async (t) => {
    const page = await console_.open(t);
    await write(page, '{"platformConversationId": "c", "metaData": ["a"]}');
    await page.getByLabel("Name of variable 1").fill("k");
    assert.deepEqual(JSON.parse(await json(page)).metaData, [{ key: "k", value: "" }]);
    await write(page, '{"platformConversationId": "c", "metaData": {"order": "A"}}');
    assert.equal(await page.getByRole("button", { name: "Add a variable" }).isDisabled(), true);
    await write(page, '{\n  "platformConversationId": "c",\n  "text": hello\n}');
    await page.getByRole("button", { name: "Line 3" }).waitFor();
  });

  test("of who waits for the reply: it comes into sight", async (t) => {
    const page = await console_.open(t, { viewport: { width: 375, height: 700 } });
    await send(page);
    await page.locator(".reply").waitFor();
    await until("the reply in sight", () =>
      page.locator(".reply").evaluate((node) => node.getBoundingClientRect().top < innerHeight),
    );
  });
});
