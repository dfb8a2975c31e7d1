// The component in a page as strict as Salesforce's, compiled by Salesforce's own compiler.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { freePort, secret } from "../../scripts/local.mjs";
import { skip, startBrowser } from "../browser/chromium.mjs";
import { startPair, until } from "../worker/harness.mjs";
import { prepare, run, serve } from "./program.mjs";

const ROLLUP = ["node", "node_modules/rollup/dist/bin/rollup", "--failAfterWarnings"];
/** The smallest module there is. */
const WASM = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

describe("the example salesforce", { skip }, () => {
  let browser;
  let pair;
  let site;
  before(async () => {
    browser = await startBrowser();
    const port = String(await freePort());
    pair = await startPair({
      relay: { ALLOWED_ORIGINS: `http://127.0.0.1:${port}`, SESSION_SECRETS: `test:${secret("session")}` },
    });
    const cwd = await prepare("salesforce");
    await run([...ROLLUP, "--config", "harness/rollup.config.mjs"], { cwd });
    const env = { PORT: port, RELAY_URL: pair.relay.url, RELAY_KEY: pair.relay.key };
    site = await serve(["node", "harness/server.mjs"], { cwd, env });
  });
  after(() => Promise.all([browser?.close(), pair?.stop(), site?.stop()]));

  /** The page of a case. What goes wrong in it unseen, and what its policy refuses, fails the test. */
  async function open(t, name) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    t.after(async () => {
      await context.close();
      assert.deepEqual(errors, []);
    });
    await page.goto(`${site.url}/?case=${name}`);
    await until("the package", () => page.evaluate(() => "ticketwire" in window));
    return page;
  }

  test("sends what is typed, and shows the agent's reply", async (t) => {
    const page = await open(t, "case-1");
    assert.equal(await page.locator("button").isDisabled(), true);
    await page.locator("input").pressSequentially("I need to update my shipping address");
    await page.locator("button").click();
    await page.locator(".reply").waitFor();
    assert.match(await page.locator(".reply").textContent(), /shipping address/);
    assert.equal(await page.locator(".event").textContent(), "I need to update my shipping address");
    assert.equal(await page.locator("input").inputValue(), "");
    assert.equal(await page.locator("[role=alert]").textContent(), "");
  });

  test("shows what is wrong as it is typed", async (t) => {
    const page = await open(t, "case-2");
    await page.locator("input").fill("x".repeat(600_000));
    assert.match(await page.locator(".finding").textContent(), /at most 524288 bytes/);
    assert.equal(await page.locator("button").isDisabled(), true);
    await page.locator("input").fill("shorter");
    assert.equal(await page.locator(".finding").count(), 0);
  });

  test("runs where no WebAssembly may be compiled", async (t) => {
    const page = await open(t, "case-3");
    const compile = (bytes) => new WebAssembly.Module(new Uint8Array(bytes)) && undefined;
    await assert.rejects(page.evaluate(compile, WASM), /Content Security Policy/);
    const check = () => window.ticketwire.ticketEvent.check({ text: 1 }).issues.map(({ code }) => code);
    assert.deepEqual((await page.evaluate(check)).sort(), ["missing-member", "wrong-type"]);
  });
});
