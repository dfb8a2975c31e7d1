// The plugin as it is built, in a browser: what is typed is checked, sent, and answered.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { freePort, secret } from "../../scripts/local.mjs";
import { skip, startBrowser } from "../browser/chromium.mjs";
import { startPair, until } from "../worker/harness.mjs";
import { prepare, run, serve } from "./program.mjs";

const VITE = ["node", "node_modules/vite/bin/vite.js"];

describe("the example crm-plugin", { skip }, () => {
  const running = [];
  let browser;
  let origin;
  let relay;
  before(async () => {
    browser = await startBrowser();
    const port = String(await freePort());
    const pair = await startPair({
      relay: { ALLOWED_ORIGINS: `http://localhost:${port}`, SESSION_SECRETS: `test:${secret("session")}` },
    });
    running.push(pair);
    relay = pair.relay;
    const backend = await startBackend();
    running.push(backend);
    const cwd = await prepare("crm-plugin");
    await run([...VITE, "build"], { cwd, env: { VITE_RELAY_URL: relay.url } });
    const site = await serve([...VITE, "preview", "--port", port, "--strictPort"], {
      cwd,
      env: { BACKEND_URL: backend.url },
    });
    running.push(site);
    origin = site.url;
  });
  after(() => Promise.all([browser?.close(), ...running.map((one) => one.stop())]));

  async function startBackend() {
    const cwd = await prepare("node-backend");
    const secrets = { RELAY_KEY: relay.key, ONWARD_SECRETS: "whsec_bm9uZQ==" };
    return serve(["node", "server.mjs"], { cwd, env: { PORT: "0", RELAY_URL: relay.url, ...secrets } });
  }

  /** The page of a case, in a window of its own. What goes wrong in it unseen fails the test. */
  async function open(t, name) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    t.after(async () => {
      await context.close();
      assert.deepEqual(errors, []);
    });
    await page.goto(`${origin}/?case=${name}`);
    return page;
  }

  const field = (page, name) => page.locator(`[name="${name}"]`);
  const finding = async (page, name) => {
    const output = page.locator(`output[for="${name}"]`);
    return { text: await output.textContent(), isIssue: /issue/.test(await output.getAttribute("class")) };
  };

  test("shows each finding at its field, as it is typed", async (t) => {
    const page = await open(t, "case-1");
    await page.getByRole("button", { name: "Add a field" }).click();
    assert.equal((await finding(page, "/metaData/0/key")).isIssue, true);
    assert.equal(await field(page, "/metaData/0/key").getAttribute("aria-invalid"), "true");
    assert.equal(await page.locator("#send").isDisabled(), true);
    await field(page, "/metaData/0/key").pressSequentially("contact");
    assert.deepEqual(await finding(page, "/metaData/0/key"), { text: "", isIssue: false });
    await field(page, "/metaData/0/value").pressSequentially("jo@example.com");
    const warned = await finding(page, "/metaData/0/value");
    assert.match(warned.text, /e-mail/);
    assert.equal(warned.isIssue, false);
    await field(page, "/metaData/0/sanitize").check();
    assert.equal((await finding(page, "/metaData/0/value")).text, "");
    assert.equal(await page.locator("#send").isDisabled(), false);
  });

  test("sends what is typed, and shows the agent's reply", async (t) => {
    const page = await open(t, "case-2");
    await field(page, "/text").fill("I need to update my shipping address");
    await page.locator("#send").click();
    await page.locator("li.reply").waitFor();
    assert.match(await page.locator("li.reply").textContent(), /shipping address/);
    assert.equal(await page.locator("li.event").textContent(), "I need to update my shipping address");
    const state = () => page.locator("li.event").getAttribute("data-state");
    await until("the event's state", async () => (await state()) === "delivered");
    assert.equal(await field(page, "/text").inputValue(), "");
    const { entries } = await (await relay.get("/conversations/case-2")).json();
    assert.equal(entries.length, 2);
  });

  test("shows all that was said when it is opened again", async (t) => {
    const page = await open(t, "case-2");
    await page.locator("li.reply").waitFor();
    assert.equal(await page.locator("li").count(), 2);
  });

  test("says what is wrong where its backend gives no token", async (t) => {
    const page = await open(t, "other");
    await page.locator("#problem", { hasText: "token-failed" }).waitFor();
  });
});
