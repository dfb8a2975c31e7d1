// What checking an event costs, beside validators for JavaScript by the same rules, in Node and in Chromium.
//
//   npm run bench -- check [--rounds 25]

import { cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { build } from "../../scripts/build.mjs";
import { install } from "../../scripts/install.mjs";
import { skip, startBrowser } from "../../tests/browser/chromium.mjs";
import { startSite } from "../../tests/browser/site.mjs";
import { options } from "../options.mjs";
import { BODIES } from "./bodies.mjs";
import { tablesOf } from "./tables.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const FOLDER = "build/benches/check";
const { rounds: ROUNDS } = options({ rounds: 25 });

await build("client", console.error);
await prepare();
console.log(tablesOf(`Node ${process.versions.node}`, await inNode()));
if (skip) console.error(`not measured in a browser: ${skip}`);
else console.log(await inChromium());

/** Lays out the contest beside what it imports, as one script. */
async function prepare() {
  mkdirSync(FOLDER, { recursive: true });
  cpSync(HERE, FOLDER, { recursive: true });
  await install(FOLDER);
  const link = `${FOLDER}/node_modules/ticketwire`;
  rmSync(link, { force: true });
  symlinkSync(resolve("pkg"), link);
  await esbuild.build({
    entryPoints: [`${FOLDER}/contest.mjs`],
    outfile: `${FOLDER}/contest.js`,
    bundle: true,
    format: "esm",
    target: "es2022",
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
    logLevel: "warning",
  });
}

async function inNode() {
  console.error("measuring in Node");
  const { contest } = await import(resolve(FOLDER, "contest.js"));
  return contest(BODIES, ROUNDS);
}

async function inChromium() {
  console.error("measuring in Chromium");
  const [browser, site] = await Promise.all([startBrowser(), startSite()]);
  try {
    const page = await browser.newPage();
    await page.goto(site.origin);
    await page.addScriptTag({ path: `${FOLDER}/contest.js`, type: "module" });
    const rows = await page.evaluate(
      ([bodies, rounds]) => globalThis.contest(bodies, rounds),
      [BODIES, ROUNDS],
    );
    return tablesOf(`Chromium ${browser.version()}`, rows);
  } finally {
    await Promise.all([browser.close(), site.stop()]);
  }
}
