// The npm package in a browser: a page of its own for each first check, with nothing kept from the last.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { startBrowser } from "../../tests/browser/chromium.mjs";

const FILES = {
  "/": ["text/html", Buffer.from("<!doctype html><title>start</title>")],
  "/ticketwire.js": ["text/javascript", readFileSync("pkg/dist/index.js")],
  "/check.mjs": ["text/javascript", readFileSync(new URL("check.mjs", import.meta.url))],
};
/** Alone with itself, a page has a finer clock. */
const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

export async function startPage(event) {
  const server = createServer(({ url }, response) => {
    const [type, body] = FILES[url] ?? ["text/plain", ""];
    response.writeHead(FILES[url] ? 200 : 404, { "content-type": type, ...ISOLATED }).end(body);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${server.address().port}/`;
  const browser = await startBrowser();
  return {
    firstChecks: () => inWindow(browser, url, JSON.parse(event)),
    stop: async () => {
      await browser.close();
      server.close().closeAllConnections();
    },
  };
}

async function inWindow(browser, url, event) {
  const window = await browser.newContext();
  const page = await window.newPage();
  await page.goto(url);
  const times = await page.evaluate(async (event) => {
    const { firstChecks } = await import("/check.mjs");
    return firstChecks("/ticketwire.js", event);
  }, event);
  await window.close();
  return times;
}
