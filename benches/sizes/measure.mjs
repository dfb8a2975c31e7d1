// What is built, in bytes, as it comes over a line: compressed by gzip.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { pageBytes } from "../../scripts/build/console.mjs";

const DIST = "pkg/dist";
const PARTS = ["ticketwire/webhook", "ticketwire/zendesk", "ticketwire/freshworks", "ticketwire/hubspot"];

/** A module with everything that it needs, in one script; `folder` is where its imports are found from. */
export async function bundle(contents, folder, conditions = []) {
  const { outputFiles } = await esbuild.build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    conditions,
    external: ["*.wasm"],
    legalComments: "none",
    logLevel: "warning",
    write: false,
  });
  return outputFiles[0].contents;
}

export const compressed = (bytes) => gzipSync(bytes).length;

/** The package as npm would publish it: how large, and which files. */
export async function packed() {
  const { stdout } = await promisify(execFile)("npm", ["pack", "--dry-run", "--json"], { cwd: "pkg" });
  const [{ size, files }] = Object.values(JSON.parse(stdout));
  return { bytes: size, files: files.map(({ path }) => path) };
}

/** Everything of ours that has a size. */
export async function sizes() {
  const wasm = fileSize(`${DIST}/ticketwire.wasm`);
  const parts = PARTS.map(async (entry) => [entry, await entrySize(entry)]);
  return {
    ticketwire: await entrySize("ticketwire"),
    "ticketwire/js": await entrySize("ticketwire/js"),
    "ticketwire/classic": fileSize(`${DIST}/classic/ticketwire.js`),
    "ticketwire in workerd": wasm + (await entrySize("ticketwire", ["workerd"])),
    ...Object.fromEntries(await Promise.all(parts)),
    "ticketwire.wasm": wasm,
    tarball: (await packed()).bytes,
    relay: fileSize("build/relay/core.wasm"),
    console: pageBytes(),
  };
}

const fileSize = (path) => compressed(readFileSync(path));

/** All that an entry of the package exports. */
const entrySize = async (entry, conditions) =>
  compressed(await bundle(`export * from "${entry}";`, "pkg", conditions));
