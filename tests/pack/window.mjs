// A window of the browser, in which a page says how the exercise went.

import { startBrowser } from "../browser/chromium.mjs";
import { isVerdict } from "./verdict.mjs";

const VERDICT_WITHIN_MS = 30_000;

let browser;

/** Opens this page, waits until it has said how it went, and gives all that was said. */
export async function visit(url) {
  browser ??= startBrowser();
  const context = await (await browser).newContext();
  try {
    return await listen(await context.newPage(), url);
  } finally {
    await context.close();
  }
}

export async function closeBrowser() {
  await (await browser)?.close();
}

async function listen(page, url) {
  const said = [];
  await new Promise((resolve, reject) => {
    const hear = (line) => {
      said.push(line);
      if (isVerdict(line)) resolve();
    };
    page.on("console", (message) => hear(message.text()));
    page.on("pageerror", (error) => hear(`page error: ${error.message}`));
    page.on("requestfailed", (request) => hear(`${request.url()}: ${request.failure().errorText}`));
    setTimeout(resolve, VERDICT_WITHIN_MS).unref();
    page.goto(url).catch(reject);
  });
  return said.join("\n");
}
