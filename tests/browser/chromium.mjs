// A browser for a test: the machine's own Chrome or Chromium, without a window.

import { chromium } from "playwright-core";
import { findBrowser } from "../../scripts/setup/browser.mjs";

/** No sandbox, since containers forbid that; and nothing that a browser does of its own accord. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const program = findBrowser();
const why = "no Chrome or Chromium was found; CHROME_PATH may name one";

/** Why tests in a browser are left out, if they are; CI leaves out nothing. */
export const skip = !program && !process.env.CI ? why : false;

/** Starts one; the caller closes it. */
export async function startBrowser() {
  if (!program) throw new Error(why);
  return chromium.launch({ executablePath: program, args: FLAGS });
}
