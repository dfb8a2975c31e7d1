// What the package ships: its entries, and what its scripts must not hold.

import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import * as esbuild from "esbuild";

const PACKAGE = join("node_modules", "ticketwire");
const NEEDED = ["README.md", "LICENSE-MIT", "LICENSE-APACHE"];
const SCRIPT = /\.[cm]?js$/;
/** esbuild says of each that this page's engine has none of it. */
const WITHOUT = { "import-meta": false, "top-level-await": false };
const FORBIDDEN = { eval: /\beval\s*\(/, "new Function": /\bFunction\s*\(/ };

/** The entries: `modules`, which tell by conditions what they are, and `files`, which are for serving. */
export function entries(folder) {
  const { exports } = JSON.parse(readFileSync(join(folder, PACKAGE, "package.json"), "utf8"));
  const [modules, files] = [[], []];
  for (const [entry, target] of Object.entries(exports))
    (typeof target === "string" ? files : modules).push(entry);
  return { modules, files };
}

/** What is wrong with the files as such: what is missing, and what tells where they were made. */
export function strays(folder) {
  const root = join(folder, PACKAGE);
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => relative(root, join(entry.parentPath, entry.name)));
  const missing = NEEDED.filter((name) => !paths.includes(name)).map((name) => `there is no ${name}`);
  const tells = (path) => readFileSync(join(root, path)).includes(process.cwd());
  return [...missing, ...paths.filter(tells).map((path) => `${path} names a folder of this machine`)];
}

/** What is wrong with the scripts, one by one. */
export async function scripts(folder) {
  const root = join(folder, PACKAGE);
  const files = readdirSync(root, { recursive: true }).filter((file) => SCRIPT.test(file));
  if (files.length === 0) throw new Error("the package ships no script");
  const faults = files.map(async (file) =>
    (await faultsOf(join(root, file))).map((fault) => `${file}: ${fault}`),
  );
  return (await Promise.all(faults)).flat();
}

async function faultsOf(path) {
  const source = readFileSync(path, "utf8");
  const options = { minifyWhitespace: true, supported: WITHOUT, logLevel: "silent" };
  const read = await esbuild
    .transform(source, options)
    .catch(({ errors }) => ({ code: "", warnings: errors }));
  const words = Object.keys(FORBIDDEN).filter((word) => FORBIDDEN[word].test(read.code));
  return [...read.warnings.map(({ text }) => text), ...words.map((word) => `holds ${word}`)];
}
