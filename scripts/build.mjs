// Builds what is named on the command line: `node scripts/build.mjs relay emulator client console`.
//
// The client is the npm package, and a story of its own: see build/client.mjs; so is the console, which is made
// from it: build/console.mjs. For a Worker, cargo compiles the crate with one feature, wasm-bindgen writes the
// JavaScript that calls it, wasm-opt makes it small, esbuild puts the JavaScript into one file:
// build/NAME/worker.js beside build/NAME/core.wasm. What is already built from the same sources
// stays; cargo alone can't tell, since it keeps one output for all features.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { buildClient } from "./build/client.mjs";
import { buildConsole } from "./build/console.mjs";
import { run } from "./build/run.mjs";

const TARGET = "wasm32-unknown-unknown";
/** How cargo compiles what becomes WebAssembly. */
const PROFILE = "wasm";

/** What is built as the npm package is: where to, and from which features. `trap` is for tests alone. */
const PACKAGES = {
  client: { root: "pkg", features: ["client"] },
  trap: { root: "build/trap", features: ["client", "trap"] },
};

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

// One for all sources: what they depend on is compiled once.
const CARGO_TARGET = resolve(process.env.CARGO_TARGET_DIR ?? "target");

/** Builds one of them, unless it is built already; `root` holds the sources, and gets the result. */
export async function build(name, say = console.log, root = ".") {
  if (name === "console") {
    await build("client", say);
    return alone(() => buildConsole(say));
  }
  await alone(async () => {
    const folder = join(root, "build", name);
    const stamp = join(folder, "built-from");
    const wasmFile = PACKAGES[name]
      ? join(PACKAGES[name].root, "dist/ticketwire.wasm")
      : join(folder, "core.wasm");
    const sources = fingerprint(root, name);
    if (existsSync(stamp) && existsSync(wasmFile) && readFileSync(stamp, "utf8") === sources) return;
    say(`building the ${name}: half a minute, some minutes the first time`);
    const start = performance.now();
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await (PACKAGES[name] ? buildClient(PACKAGES[name]) : makeWorker(ours(name, root), folder));
    writeFileSync(stamp, sources);
    const wasm = readFileSync(wasmFile);
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

const ours = (name, root) => ({
  root,
  crate: "ticketwire",
  feature: name,
  profile: PROFILE,
  entry: join(root, "src", name, "entry.js"),
});

/** Makes a Worker of the crate in `root`: `worker.js` from its `entry`, beside `core.wasm`. */
export async function makeWorker({ entry, ...crate }, folder) {
  const glue = join(folder, "glue");
  compile(crate, glue);
  optimize(join(glue, "core_bg.wasm"), join(folder, "core.wasm"));
  await bundle(entry, glue, folder);
  rmSync(glue, { recursive: true });
}

/** Tells one state of everything that a build is made of from another. */
function fingerprint(root, name) {
  const hash = createHash("sha256").update(execFileSync("rustc", ["-vV"]));
  const sources = filesIn(join(root, "src"));
  const cargo = ["Cargo.toml", "Cargo.lock"].map((file) => join(root, file));
  const packaged = PACKAGES[name] ? [...filesIn("pkg/src"), "pkg/package.json", "pkg/tsconfig.json"] : [];
  const tools = ["package-lock.json", "scripts/build.mjs", ...filesIn("scripts/build")];
  for (const file of [...sources, ...cargo, ...packaged, ...tools]) {
    hash.update(`${file}\0`).update(readFileSync(file));
  }
  return hash.digest("hex");
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function compile({ root, crate, feature, profile = "release" }, glue) {
  const library = ["--quiet", "--locked", "--lib", "--profile", profile];
  const manifest = ["--manifest-path", join(root, "Cargo.toml")];
  const features = feature ? ["--features", feature] : [];
  run("cargo", ["build", ...manifest, ...library, "--target", TARGET, ...features], {
    ...process.env,
    CARGO_TARGET_DIR: CARGO_TARGET,
  });
  const wasm = join(CARGO_TARGET, TARGET, profile, `${crate}.wasm`);
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
  run("wasm-opt", ["-Oz", "--converge", ...features, from, "-o", to]);
}

async function bundle(entry, glue, folder) {
  await esbuild.build({
    entryPoints: [entry],
    outfile: join(folder, "worker.js"),
    bundle: true,
    format: "esm",
    target: "es2022",
    alias: { core: resolve(glue, "core.js") },
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
