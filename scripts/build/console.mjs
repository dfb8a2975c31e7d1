// Builds the console, from www/ and the npm package, which has to be built: into build/console/console/, as its
// URLs have it.

import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const ROOT = "build/console";
const FOLDER = join(ROOT, "console");
const COPIED = ["index.html", "icon.svg"];

/** Builds it, and says how large the page is with all that it loads. */
export async function buildConsole(say = console.log) {
  rmSync(ROOT, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  await esbuild.build({
    entryPoints: ["www/console.js", "www/console.css"],
    outdir: FOLDER,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    alias: { ticketwire: "./pkg/dist/index.js" },
    legalComments: "none",
    logLevel: "warning",
  });
  for (const file of COPIED) cpSync(join("www", file), join(FOLDER, file));
  say(`built the console: ${(pageBytes() / 1000).toFixed(1)} kB, compressed`);
}

/** What the page has to load, compressed. */
export function pageBytes() {
  const files = readdirSync(FOLDER).map((name) => join(FOLDER, name));
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length, 0);
}
