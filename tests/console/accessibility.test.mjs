// Everybody can use it: no violation that axe-core knows, light and dark, on a phone and on a desk.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { skip } from "../browser/chromium.mjs";
import { openPage, press, send, startConsole, step, write } from "./page.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const WRONG = JSON.stringify(
  {
    platformConversationId: "",
    text: 7,
    txt: "x",
    platform: "",
    metaData: [
      { key: "", value: 1 },
      { key: "mail", value: "jo@example.com" },
    ],
  },
  undefined,
  2,
);

/** What somebody may have before them, and how they get there. */
const VIEWS = {
  "who is there": async (page) => page.getByRole("button", { name: "Sign out" }).click(),
  "an event with everything wrong": async (page) => write(page, WRONG),
  "a conversation": async (page) => {
    await send(page);
    await page.locator(".reply").waitFor();
    await press(page, "Down");
    await send(page);
    await step(page, "waiting").waitFor();
    await press(page, "Refuses events");
    await page.getByRole("button", { name: "New" }).click();
    await send(page);
    await step(page, "parked").waitFor();
    await page.getByText("The same from elsewhere").click();
  },
  "what is operated": async (page) => {
    await page.getByRole("link", { name: "Operate" }).click();
    await page.getByRole("heading", { name: "Waiting" }).waitFor();
    for (const summary of await page.getByText("Numbers").all()) await summary.click();
  },
  "the emulator": async (page) => {
    await page.getByRole("link", { name: "Emulator" }).click();
    await page.getByText("event in").first().waitFor();
  },
};

describe("the console, for everybody", { skip }, () => {
  let console_;
  before(async () => {
    console_ = await startConsole();
    await console_.pair.relay.send('{"platformConversationId":"axe","text":"shipping address"}');
  });
  after(() => console_?.stop());

  for (const colorScheme of ["light", "dark"]) {
    for (const width of [375, 1440]) {
      for (const [name, lead] of Object.entries(VIEWS)) {
        test(`${name}: ${colorScheme}, ${width} px`, async (t) => {
          const { browser, pair } = console_;
          t.after(() => pair.emulator.admin("/faults", { method: "DELETE" }));
          const look = { colorScheme, viewport: { width, height: 800 }, reducedMotion: "reduce" };
          const page = await openPage(t, browser, pair.relay, look);
          await page.getByLabel("Text", { exact: true }).waitFor();
          await lead(page);
          assert.deepEqual(await violations(page), []);
        });
      }
    }
  }
});

async function violations(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html.slice(0, 200)) }));
}
