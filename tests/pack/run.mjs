// `npm run test:pack`: the npm package as its users get it, in each place where they run it. It is packed,
// the tarball installed there, an event sent through the relay to the emulator, the agent's reply read.
//
//   npm run test:pack
//   npm run test:pack -- --only node       the places of this name
//   npm run test:pack -- --tarball FILE    another package than this tree's

import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "../../scripts/build.mjs";
import { NotInstalled } from "../../scripts/install.mjs";
import { skip as noBrowser } from "../browser/chromium.mjs";
import { startGround } from "./ground.mjs";
import { install } from "./installation.mjs";
import { count, table, write } from "./matrix.mjs";
import { within } from "./place.mjs";
import { tarball } from "./tarball.mjs";
import { closeBrowser } from "./window.mjs";

const FOLDER = "build/pack";
/** Two cores are what the smallest machines have. */
const AT_ONCE = 2;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(130));

const { values: options } = parseArgs({ options: { only: { type: "string" }, tarball: { type: "string" } } });
const places = readdirSync(new URL("places", import.meta.url)).filter(
  (name) => !options.only || name === options.only,
);
if (places.length === 0) throw new Error(`there is no place ${options.only}`);

for (const name of ["relay", "emulator", ...(options.tarball ? [] : ["client"])]) await build(name);
const packed = await tarball(FOLDER, options.tarball);
const ground = await startGround();
const results = new Map();
const queue = [...places];
await Promise.all(Array.from({ length: AT_ONCE }, work));
await Promise.all([closeBrowser(), ground.stop()]);

const all = places.flatMap((name) => results.get(name));
write(`${FOLDER}/matrix.json`, all);
for (const { place, loads, why } of all.filter(({ result }) => result === "failed"))
  console.log(`\n${place}, ${loads}: ${why}`);
console.log(`\n${table(all)}\n\n${count(all)}`);
process.exit(all.some(({ result }) => result === "failed") ? 1 : 0);

async function work() {
  for (let name; (name = queue.shift());) results.set(name, await rowsOf(name));
}

/** The results of a place's rows, one after the other. */
async function rowsOf(name) {
  const { rows, prepare = () => {} } = await import(`./places/${name}/place.mjs`);
  const folder = resolve(FOLDER, name);
  const from = performance.now();
  const problem = await ready(name, folder, prepare).catch((error) => error);
  if (!problem) console.log(`${name}: ready, ${seconds(from)} s`);
  const done = [];
  for (const row of rows) done.push(await resultOf(row, folder, problem));
  return done;
}

async function ready(name, folder, prepare) {
  await install(name, folder, packed);
  await within(folder, packed, ground, prepare);
}

async function resultOf({ name, loads, browser, run }, folder, problem) {
  const from = performance.now();
  const result = await outcome(browser, problem, () => within(folder, packed, ground, run));
  console.log(`  ${name}, ${loads}: ${result.result}, ${seconds(from)} s`);
  return { place: name, loads, ...result, seconds: Number(seconds(from)) };
}

async function outcome(browser, problem, work) {
  if (browser && noBrowser) return { result: "not run", why: noBrowser };
  if (problem instanceof NotInstalled) return { result: "not run", why: problem.message };
  try {
    if (problem) throw problem;
    await work();
    return { result: "passed" };
  } catch (error) {
    return { result: "failed", why: error.constructor === Error ? error.message : error.stack };
  }
}

function seconds(from) {
  return ((performance.now() - from) / 1000).toFixed(1);
}
