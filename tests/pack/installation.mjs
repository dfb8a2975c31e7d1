// A place's folder in build/pack: its own files, its tools, and the package, from the tarball.

import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { fingerprint, install as installTools } from "../../scripts/install.mjs";
import { run } from "./program.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const KEPT = ["node_modules", ".package"];
const QUIET = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"];

/** Makes the folder ready; what is in place already is not installed again. */
export async function install(name, folder, { file, digest }) {
  await lay(name, folder);
  await installTools(folder);
  const wanted = `${fingerprint(folder)} ${digest}`;
  await once(join(folder, ".package"), wanted, () => installPackage(folder, file));
}

/** Lays out the files that a user would have written. */
async function lay(name, folder) {
  mkdirSync(folder, { recursive: true });
  for (const entry of readdirSync(folder).filter((entry) => !KEPT.includes(entry)))
    rmSync(join(folder, entry), { recursive: true });
  for (const source of [here("shared"), here(`places/${name}`)])
    cpSync(source, folder, { recursive: true, filter: (path) => !path.endsWith("place.mjs") });
  cpSync(here("../../.npmrc"), join(folder, ".npmrc"));
  await translate(folder);
}

/** The exercise for who can't import: by require, and as a classic script. */
async function translate(folder) {
  const source = readFileSync(join(folder, "exercise.mjs"), "utf8");
  const write = async (file, options) =>
    writeFileSync(join(folder, file), (await esbuild.transform(source, options)).code);
  await write("exercise.cjs", { format: "cjs" });
  await write("exercise.classic.js", { format: "iife", globalName: "place" });
}

async function installPackage(folder, file) {
  rmSync(join(folder, "node_modules", "ticketwire"), { recursive: true, force: true });
  await run(["npm", "install", ...QUIET, file], { cwd: folder });
}

/** Does what has not been done yet for the same. */
async function once(stamp, same, work) {
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === same) return;
  rmSync(stamp, { force: true });
  await work();
  writeFileSync(stamp, same);
}
