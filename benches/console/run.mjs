// How soon the console is there, and how much has to come for it: from a warm server, each time in a new window.
//
//   npm run bench -- console [--loads 30]

import { pageBytes } from "../../scripts/build/console.mjs";
import { build } from "../../scripts/build.mjs";
import { startBrowser } from "../../tests/browser/chromium.mjs";
import { startPair } from "../../tests/worker/harness.mjs";
import { options } from "../options.mjs";
import { median, quantile } from "../quantile.mjs";

const { loads: LOADS } = options({ loads: 30 });

for (const name of ["relay", "emulator", "console"]) await build(name);
const pair = await startPair({ relay: { CONSOLE: "on" } });
const browser = await startBrowser();
const loads = [];
await load();
for (let count = 0; count < LOADS; count += 1) loads.push(await load());
await Promise.all([browser.close(), pair.stop()]);

const row = (what, name) => {
  const all = loads.map((load) => load[name]);
  return `| ${what} | ${median(all).toFixed(0)} ms | ${quantile(all, 0.95).toFixed(0)} ms |`;
};
console.log(`| ${LOADS} loads | median | 95 of 100 |\n|---|---:|---:|`);
console.log(row("first paint", "firstPaintMs"));
console.log(row("ready to be typed in, checked by the core", "readyMs"));
console.log(`\nthe page, with everything that it loads: ${(pageBytes() / 1000).toFixed(1)} kB, compressed`);

/** Opens the page in a window that has nothing of it. */
async function load() {
  const window = await browser.newContext();
  const page = await window.newPage();
  await page.goto(`${pair.relay.url}/console/#key=${pair.relay.key}`);
  await page.getByText("Can go").waitFor();
  const readyMs = await page.evaluate(() => performance.now());
  const firstPaintMs = await page.evaluate(
    () => performance.getEntriesByName("first-contentful-paint")[0].startTime,
  );
  await window.close();
  return { readyMs, firstPaintMs };
}
