// Builds the Workers named on the command line: `node scripts/build.mjs relay emulator`.
//
// cargo compiles the crate with one feature, wasm-bindgen writes the JavaScript that calls it,
// wasm-opt makes it small, esbuild puts the JavaScript into one file:
// build/NAME/worker.js beside build/NAME/core.wasm.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
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

export async function build(name) {
  const folder = join("build", name);
  const glue = join(folder, "glue");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  compile(name, glue);
  optimize(join(glue, "core_bg.wasm"), join(folder, "core.wasm"));
  await bundle(name, glue, folder);
  rmSync(glue, { recursive: true });
  const { size } = statSync(join(folder, "core.wasm"));
  const zipped = gzipSync(readFileSync(join(folder, "core.wasm"))).length;
  console.log(`  ${name}: ${kilobytes(size)} of WebAssembly, ${kilobytes(zipped)} compressed`);
}

function compile(feature, glue) {
  run("cargo", ["build", "--quiet", "--locked", "--lib", "--release", "--target", TARGET, "--features", feature]);
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
    plugins: [{ name: "core", setup: (build) => build.onResolve({ filter: /core_bg\.wasm$/ }, () => ({ path: "./core.wasm", external: true })) }],
  });
}

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

for (const name of process.argv.slice(2)) await build(name);
