// Builds the Workers named on the command line: `node scripts/build.mjs relay emulator`.
//
// cargo compiles the crate with one feature, wasm-bindgen writes the JavaScript that calls it,
// wasm-opt makes it small, esbuild puts the JavaScript into one file:
// build/NAME/worker.js beside build/NAME/core.wasm. What is already built from the same sources
// stays; cargo alone can't tell, since it keeps one output for all features.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const TARGET = "wasm32-unknown-unknown";

// What wasm-opt may meet and use. Exceptions are how wasm-bindgen's abort handler is written.
const WASM_FEATURES = [
  "bulk-memory",
  "bulk-memory-opt",
  "call-indirect-overlong",
  "exception-handling",
  "multivalue",
  "mutable-globals",
  "nontrapping-float-to-int",
  "reference-types",
  "sign-ext",
];

const run = (command, args) => execFileSync(command, args, { stdio: ["ignore", "inherit", "inherit"] });

/** Builds one Worker, unless it is built already. */
export async function build(name, say = console.log) {
  await alone(async () => {
    const folder = join("build", name);
    const stamp = join(folder, "built-from");
    const sources = fingerprint();
    if (existsSync(stamp) && readFileSync(stamp, "utf8") === sources) return;
    say(`building the ${name}: half a minute, some minutes the first time`);
    const start = performance.now();
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    await make(name, folder);
    writeFileSync(stamp, sources);
    const wasm = readFileSync(join(folder, "core.wasm"));
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    const sizes = `${kilobytes(wasm)} of WebAssembly, ${kilobytes(gzipSync(wasm))} compressed`;
    say(`built the ${name} in ${seconds} s: ${sizes}`);
  });
}

/** One build at a time, of however many processes: they share cargo's output and our folder. */
async function alone(work) {
  const lock = join("build", "lock");
  mkdirSync("build", { recursive: true });
  while (!taken(lock)) await new Promise((resolve) => setTimeout(resolve, 200));
  const free = () => rmSync(lock, { force: true });
  process.once("exit", free);
  try {
    await work();
  } finally {
    free();
    process.off("exit", free);
  }
}

/** Takes a lock that is free, or whose holder is gone. */
function taken(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    if (!isHeld(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function isHeld(lock) {
  try {
    process.kill(Number(readFileSync(lock, "utf8")), 0);
    return true;
  } catch {
    return false;
  }
}

async function make(name, folder) {
  const glue = join(folder, "glue");
  compile(name, glue);
  optimize(join(glue, "core_bg.wasm"), join(folder, "core.wasm"));
  await bundle(name, glue, folder);
  rmSync(glue, { recursive: true });
}

/** Tells one state of everything that a build is made of from another. */
function fingerprint() {
  const hash = createHash("sha256").update(execFileSync("rustc", ["-vV"]));
  const sources = readdirSync("src", { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of [...sources, "Cargo.toml", "Cargo.lock", "package-lock.json", "scripts/build.mjs"]) {
    hash.update(`${file}\0`).update(readFileSync(file));
  }
  return hash.digest("hex");
}

function compile(feature, glue) {
  run("cargo", [
    "build",
    "--quiet",
    "--locked",
    "--lib",
    "--release",
    "--target",
    TARGET,
    "--features",
    feature,
  ]);
  const wasm = join(process.env.CARGO_TARGET_DIR ?? "target", TARGET, "release", "ticketwire.wasm");
  run("wasm-bindgen", [
    wasm,
    ...["--target", "module", "--out-dir", glue, "--out-name", "core", "--no-typescript"],
    // Lets src/entry.js start a new instance after a panic.
    ...["--experimental-reset-state-function", "--force-enable-abort-handler"],
  ]);
  // workerd gives the compiled module to a plain import; the source phase import is not yet known.
  const script = join(glue, "core.js");
  writeFileSync(script, readFileSync(script, "utf8").replace("import source ", "import "));
}

function optimize(from, to) {
  const features = WASM_FEATURES.map((feature) => `--enable-${feature}`);
  run("wasm-opt", ["-O3", ...features, from, "-o", to]);
}

async function bundle(name, glue, folder) {
  await esbuild.build({
    entryPoints: [join("src", name, "entry.js")],
    outfile: join(folder, "worker.js"),
    bundle: true,
    format: "esm",
    target: "es2022",
    alias: { core: `./${join(glue, "core.js")}` },
    external: ["cloudflare:*"],
    logLevel: "warning",
    plugins: [
      {
        name: "core",
        setup: (build) =>
          build.onResolve({ filter: /core_bg\.wasm$/ }, () => ({ path: "./core.wasm", external: true })),
      },
    ],
  });
}

const kilobytes = (bytes) => `${(bytes.length / 1000).toFixed(1)} kB`;

if (import.meta.main) {
  for (const name of process.argv.slice(2)) await build(name);
}
