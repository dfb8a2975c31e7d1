// The plug is pulled, and put in again: nothing gets lost, and one can watch that.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { skip, startBrowser } from "../browser/chromium.mjs";
import { until } from "../worker/harness.mjs";
import { startKillable } from "../worker/killable.mjs";
import { openPage, press, send, startConsole, step, write } from "./page.mjs";

describe("an event on its way", { skip }, () => {
  let console_;
  before(async () => (console_ = await startConsole()));
  after(() => console_?.stop());

  test("waits while the API is down, and arrives once it is up, before one's eyes", async (t) => {
    const page = await console_.open(t);
    await page.evaluate(() => (window.isTheSame = true));
    await press(page, "Down");
    await send(page);
    await step(page, "tried").first().waitFor();
    assert.match(await step(page, "tried").first().innerText(), /^Try 1: api-failed \(503\)$/);
    assert.match(await step(page, "waiting").innerText(), /^Waiting for the next try, at .*, (in|now)/);
    await press(page, "Up");
    await step(page, "delivered").waitFor();
    assert.match(await step(page, "delivered").innerText(), /, at try \d+$/);
    assert.equal(await step(page, "waiting").count(), 0);
    await page.locator(".reply").waitFor();
    assert.ok(await page.evaluate(() => window.isTheSame), "the page was not loaded again");
  });

  test("is parked where the API refuses it, and goes again when told to", async (t) => {
    const page = await console_.open(t);
    await press(page, "Refuses events");
    await send(page);
    await step(page, "parked").waitFor();
    assert.match(await step(page, "parked").innerText(), /Parked because api-refused-event/);
    await press(page, "Up");
    await page.getByRole("button", { name: "Send it again" }).click();
    await step(page, "delivered").waitFor();
    await page.locator(".reply").waitFor();
  });

  test("is listed while it waits and when it is parked, and replayed from there", async (t) => {
    const page = await console_.open(t, { seesFailures: true });
    await press(page, "Down");
    await write(page, '{"platformConversationId": "waiting & shown", "text": "first"}');
    await send(page);
    await step(page, "waiting").waitFor();
    await press(page, "Refuses events");
    await write(page, '{"platformConversationId": "parked & shown"}');
    await send(page);
    await step(page, "parked").waitFor();
    await page.getByRole("link", { name: "Operate" }).click();
    const [waiting, parked] = ["Waiting", "Parked"].map((name) => page.getByRole("region", { name }));
    await parked.getByRole("link", { name: "parked & shown" }).waitFor();
    assert.match(await parked.innerText(), /because api-refused-event 400/);
    assert.match(await page.getByRole("region", { name: "Readiness" }).innerText(), /^Ready/);
    await console_.pair.emulator.admin("/faults", { method: "DELETE" });
    await parked.getByRole("button", { name: "Send it again" }).first().click();
    await parked.getByText("1 sent again").waitFor();
    await until(
      "all to be delivered",
      async () => {
        const texts = await Promise.all([waiting.innerText(), parked.innerText()]);
        return /Nothing is held up/.test(texts[0]) && /Nothing was given up/.test(texts[1]);
      },
      30_000,
    );
    const hour = page.getByRole("region", { name: "The last hour" });
    await until("the counters", async () => /Parked\s+[1-9]/.test(await hour.innerText()));
    assert.match(await hour.innerText(), /Accepted\s+\d+\s+Delivered\s+\d+/);
  });

  test("is followed through a relay that is stopped and started again", async (t) => {
    const browser = await startBrowser();
    t.after(() => browser.close());
    const relay = await startKillable(t, { CONSOLE: "on" });
    const page = await openPage(t, browser, relay, { place: "conversation=restarted", seesFailures: true });
    await send(page);
    await step(page, "delivered").waitFor();
    relay.service.kill();
    await page.getByText("Reconnecting …").waitFor();
    await relay.service.start();
    await page.getByText("Live", { exact: true }).waitFor({ timeout: 30_000 });
    await relay.reply({ platformConversationId: "restarted", text: "after the restart" });
    await page.getByText("after the restart").waitFor();
    await page.getByLabel("Text", { exact: true }).fill("once more");
    await send(page);
    await until(
      "both events",
      async () => (await page.locator(".event[data-state=delivered]").count()) === 2,
    );
  });
});
