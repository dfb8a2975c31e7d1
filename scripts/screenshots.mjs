// `npm run screenshots`: the pictures of the README, taken of the real thing, into www/screenshots/.

import { mkdirSync } from "node:fs";
import { startBrowser } from "../tests/browser/chromium.mjs";
import { press, send, step, write } from "../tests/console/page.mjs";
import { startPair } from "../tests/worker/harness.mjs";
import { build } from "./build.mjs";

const FOLDER = "www/screenshots";
const DESK = { width: 1200, height: 760 };
const PHONE = { width: 375, height: 760 };

const WRONG = `{
  "platformConversationId": "case-4711",
  "txt": "Where is my order?",
  "text": "I need to update my shipping address",
  "metaData": [
    { "key": "order_id", "value": 7 },
    { "key": "email", "value": "jo@example.com" }
  ]
}`;

/** What is shown, how large, and how one gets there. */
const PICTURES = {
  compose: { ...DESK, height: 1000, take: (page) => write(page, WRONG) },
  // Before the emulator is told that all is well.
  operate: { ...DESK, height: 900, take: operate },
  retry: { ...DESK, take: retry },
  phone: { ...PHONE, colorScheme: "dark", take: phone },
};

for (const name of ["relay", "emulator", "console"]) await build(name);
mkdirSync(FOLDER, { recursive: true });
const pair = await startPair({ relay: { CONSOLE: "on" } });
const browser = await startBrowser();
try {
  await makeTraffic();
  for (const [name, picture] of Object.entries(PICTURES)) await shoot(name, picture);
} finally {
  await Promise.all([browser.close(), pair.stop()]);
}

async function shoot(name, { width, height, colorScheme = "light", take }) {
  const window = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    deviceScaleFactor: 1.5,
  });
  const page = await window.newPage();
  await page.goto(`${pair.relay.url}/console/#key=${pair.relay.key}&conversation=case-${name}`);
  await take(page);
  await page.evaluate(() => document.activeElement.blur());
  await page.screenshot({ path: `${FOLDER}/${name}.png` });
  await window.close();
  console.log(`${FOLDER}/${name}.png`);
}

/** An event that arrives at its third try, and the answer. */
async function retry(page) {
  await press(page, "Down");
  await send(page);
  await step(page, "tried").nth(1).waitFor({ timeout: 30_000 });
  await press(page, "Up");
  await step(page, "delivered").waitFor({ timeout: 30_000 });
  await page.locator(".reply").waitFor();
}

async function operate(page) {
  await page.getByRole("link", { name: "Operate" }).click();
  await page.getByText("Send it again").first().waitFor();
  await page.getByText("2 more behind it").waitFor();
  await page.getByRole("heading", { name: "The last hour" }).waitFor();
}

async function phone(page) {
  await send(page);
  await page.locator(".reply").waitFor();
  await page.locator(".event").scrollIntoViewIfNeeded();
}

/** Something to count, something that waits, and something that was given up. */
async function makeTraffic() {
  const { emulator, relay } = pair;
  const order = (status, conversation) =>
    emulator.admin("/faults", {
      method: "POST",
      body: { fault: { kind: "status", status }, times: "always", conversation },
    });
  const say = (id) => relay.send(JSON.stringify({ platformConversationId: id, text: "Where is my order?" }));
  for (let count = 0; count < 40; count += 1) await say(`case-${count}`);
  await order(400);
  for (const id of ["case-4711", "case-4712"]) await say(id);
  await emulator.admin("/faults", { method: "DELETE" });
  await order(503, "case-0815");
  for (let count = 0; count < 3; count += 1) await say("case-0815");
}
