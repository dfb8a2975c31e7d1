// The console in a browser, as somebody sees it. Whatever its page complains of fails the test.

import assert from "node:assert/strict";
import { startBrowser } from "../browser/chromium.mjs";
import { startPair } from "../worker/harness.mjs";

/** What Chromium itself writes of answers that the page knows how to take. */
const OF_THE_NETWORK = /^Failed to load resource/;

/** Starts a relay that shows its console, an emulator, and a browser. */
export async function startConsole(variables = {}) {
  const browser = await startBrowser();
  const pair = await startPair({ relay: { CONSOLE: "on", ...variables } }).catch(async (error) => {
    await browser.close();
    throw error;
  });
  const stop = () => Promise.all([browser.close(), pair.stop()]);
  return { pair, browser, stop, open: (t, options) => openPage(t, browser, pair.relay, options) };
}

/** Opens the page in a window of its own. `seesFailures`: the network fails in this test, and it may say so. */
export async function openPage(t, browser, { url, key }, options = {}) {
  const { place = "", seesFailures = false, ...context } = options;
  const window = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...context });
  const page = await window.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.stack));
  page.on("console", (message) => {
    const isNetwork = seesFailures && OF_THE_NETWORK.test(message.text());
    if (["error", "warning"].includes(message.type()) && !isNetwork) complaints.push(message.text());
  });
  t.after(async () => {
    await window.close();
    assert.deepEqual(complaints, []);
  });
  await page.goto(`${url}/console/#key=${key}&${place}`);
  return page;
}

/** Puts one of the emulator's faults on, by its button; it is on when the button says so, and not before. */
export async function press(page, fault) {
  const button = `[data-fault="${fault}"]`;
  await page.locator(button).click();
  await page.locator(`${button}[aria-pressed="true"]`).waitFor();
}

/** Sends what is on the screen. */
export const send = (page) => page.getByRole("button", { name: "Send", exact: true }).click();

/** Writes the whole event, as JSON. */
export const write = (page, text) => page.getByLabel("The same as JSON").fill(text);

/** The last event's step of this name. */
export const step = (page, name) => page.locator(".event").last().locator(`[data-step="${name}"]`);
