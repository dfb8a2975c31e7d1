// Builds the npm package: the Rust core, small, in pkg/wasm/, and around it the entries, in pkg/dist/.
//
// The core is built once, and put into each entry in one of three shapes: as text inside the script (no
// file to find, whatever bundles it), as a module beside it (workerd compiles no bytes), and as plain
// JavaScript (pages whose Content-Security-Policy refuses WebAssembly). Each entry has its own way to its own
// core: two that shared one would overwrite each other's memory.

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import * as esbuild from "esbuild";
import { run, runQuietly } from "./run.mjs";
import { textOf } from "./text.mjs";
import { FEATURES, blank, trim } from "./trim.mjs";

const LICENCES = ["LICENSE-APACHE", "LICENSE-MIT"];
const TARGET = "wasm32-unknown-unknown";
const IMPORTED = /(from "|import\(")(\.[^"]*)\.js"/g;
const CLASSIC = "if (typeof module === 'object' && module.exports) module.exports = ticketwire;";
const CARGO_TARGET = resolve(process.env.CARGO_TARGET_DIR ?? "target");
const SMALL = ["-lmu", "-Oz", "--converge"];
const BARE = ["--strip-debug", "--strip-producers", "--strip-target-features"];
// Left to itself, what optimizes for size calls a function for each byte that is read.
const INLINED = "-Cllvm-args=--inline-threshold=25";
// Plain JavaScript knows none of these.
const LOWERED = [
  "--signext-lowering",
  "--llvm-nontrapping-fptoint-lowering",
  "--llvm-memory-copy-fill-lowering",
];
// What has a use of its own, and needs no core.
const PARTS = ["webhook", "adapters/zendesk", "adapters/freshworks", "adapters/hubspot"];

/** Builds the package from `pkg` into its own folders, or into those of a copy, with more features. */
export async function buildClient({ root, features }) {
  const wasm = join(root, "wasm");
  const dist = join(root, "dist");
  for (const folder of [wasm, dist]) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
  compile(features, wasm);
  const shapes = shapesOf(wasm, readFileSync(join(wasm, "ticketwire.wasm")));
  await bundle(dist, glueOf(wasm), shapes);
  loosen(join(dist, "classic", "ticketwire.js"));
  writeFileSync(join(dist, "classic", "package.json"), '{ "type": "commonjs" }\n');
  declare(dist);
  copyFileSync(join(wasm, "ticketwire.wasm"), join(dist, "ticketwire.wasm"));
  for (const licence of LICENCES) copyFileSync(licence, join(root, licence));
}

/** cargo, wasm-bindgen, and everything that makes it small. */
function compile(features, folder) {
  run("cargo", [
    ...["rustc", "--quiet", "--locked", "--lib", "--crate-type", "cdylib", "--profile", "wasm"],
    ...["--target", TARGET, "--features", features.join(",")],
    ...["--", "-Clink-arg=-zstack-size=65536", INLINED],
  ]);
  const [plain, trimmed, small] = ["plain", "trimmed", "small"].map((name) => join(folder, `${name}.wasm`));
  // Without its list of features wasm-bindgen keeps to what every engine has, and plain JavaScript too.
  const built = join(CARGO_TARGET, TARGET, "wasm", "ticketwire.wasm");
  optimize(
    [
      "-g",
      "--strip-target-features",
      "--enable-reference-types",
      "--enable-multivalue",
      "--enable-call-indirect-overlong",
    ],
    built,
    plain,
  );
  runQuietly("wasm-bindgen", [
    plain,
    "--target",
    "bundler",
    "--out-dir",
    folder,
    "--out-name",
    "core",
    "--no-typescript",
  ]);
  writeFileSync(trimmed, trim(readFileSync(join(folder, "core_bg.wasm"))));
  optimize([...SMALL, ...BARE], trimmed, small);
  writeFileSync(join(folder, "ticketwire.wasm"), blank(readFileSync(small)));
}

function optimize(options, from, to) {
  run("wasm-opt", [...FEATURES.map((feature) => `--enable-${feature}`), ...options, from, "-o", to]);
}

/** The core in each of its shapes, as the source of a module. */
function shapesOf(folder, wasm) {
  return {
    inline: `export default ${JSON.stringify(textOf(wasm))};`,
    script: scriptOf(folder),
  };
}

/** The core as plain JavaScript: a function that takes what it imports and answers with what it exports. */
function scriptOf(folder) {
  const [lowered, script] = [join(folder, "lowered.wasm"), join(folder, "core.script.js")];
  optimize([...LOWERED, ...SMALL, ...BARE], join(folder, "ticketwire.wasm"), lowered);
  run("wasm2js", ["--enable-bulk-memory", "-Oz", lowered, "-o", script]);
  return asFunction(readFileSync(script, "utf8"));
}

/** Makes a function of wasm2js's module, whose body runs when it is loaded. */
function asFunction(module) {
  const imports = [...module.matchAll(/^import \* as (\S+) from '([^']+)';$/gm)];
  const exports = [...module.matchAll(/^export var (\w+) = (\S+);$/gm)];
  if (imports.length === 0 || exports.length < 5)
    throw new Error("wasm2js writes another form: see scripts/build/client.mjs");
  const body = module.replace(/^(import|export) .*$/gm, "");
  const named = imports.map(([, name, from]) => `const ${name} = imports[${JSON.stringify(from)}];`);
  const answer = exports.map(([, name, value]) => `${name}: ${value}`);
  return `export default (imports) => {\n${named.join("\n")}\n${body}\nreturn { ${answer.join(", ")} };\n};`;
}

/** wasm-bindgen's half in JavaScript, as a function: each call makes one of its own. */
function glueOf(folder) {
  const module = refreshed(readFileSync(join(folder, "core_bg.js"), "utf8"));
  const exported = [...module.matchAll(/^export (?:function|class) (\w+)/gm)].map(([, name]) => name);
  // Fills a table that was taken out of the core.
  const names = exported.filter((name) => name !== "__wbindgen_init_externref_table");
  if (names.length < 5) throw new Error("wasm-bindgen writes another form: see scripts/build/client.mjs");
  return `export default (TextDecoder, TextEncoder) => {\n${module.replace(/^export /gm, "")}\nreturn { ${names.join(", ")} };\n};`;
}

/**
 * Has it look at the memory anew whenever that is another: what has grown in plain JavaScript leaves the
 * former behind as it was, where WebAssembly takes it away.
 */
function refreshed(module) {
  const stale = /if \((cached\w+Memory0) === null \|\| .*\) \{$/gm;
  const current = module.replace(stale, "if ($1 === null || $1.buffer !== wasm.memory.buffer) {");
  const views = module.match(/^let cached\w+Memory0 = null;$/gm) ?? [];
  if (views.length === 0 || module.match(stale)?.length !== views.length)
    throw new Error("wasm-bindgen writes another form: see scripts/build/client.mjs");
  return current;
}

async function bundle(dist, glue, shapes) {
  const { version } = JSON.parse(readFileSync("pkg/package.json", "utf8"));
  const common = {
    bundle: true,
    target: "es2022",
    logLevel: "warning",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    define: { __VERSION__: JSON.stringify(version) },
  };
  const index = "pkg/src/index.ts";
  const entry = (name, shape, format, more = {}) =>
    esbuild.build({
      ...common,
      entryPoints: [more.from ?? index],
      outfile: join(dist, name),
      format,
      minifyIdentifiers: shape === "script",
      plugins: [generated(glue, shapes, shape)],
      ...more.options,
    });
  await Promise.all([
    entry("index.js", "inline", "esm"),
    entry("index.cjs", "inline", "cjs"),
    entry("workerd.js", "module", "esm", { options: { external: ["./ticketwire.wasm"] } }),
    entry("script.js", "script", "esm"),
    // One file for <script>, and for require: CommonJS by the package.json beside it.
    entry("classic/ticketwire.js", "script", "iife", {
      options: { globalName: "ticketwire", footer: { js: CLASSIC } },
    }),
    ...PARTS.flatMap((name) =>
      [
        ["js", "esm"],
        ["cjs", "cjs"],
      ].map(([extension, format]) =>
        entry(`${basename(name)}.${extension}`, "inline", format, { from: `pkg/src/${name}.ts` }),
      ),
    ),
  ]);
}

/** Takes away the strict mode that esbuild asks for: some hosts of classic scripts put them behind others. */
function loosen(file) {
  writeFileSync(file, readFileSync(file, "utf8").replace(/^"use strict";/, ""));
}

/** Finds what the build has made, where a source imports it by a name with `#`. */
function generated(glue, shapes, shape) {
  const sources = {
    "#glue": glue,
    "#wasm-text": shapes.inline,
    "#wasm-script": shapes.script,
    "#event-schema": `export default ${schema()};`,
  };
  return {
    name: "generated",
    setup(build) {
      build.onResolve({ filter: /^#load$/ }, () => ({ path: resolve(`pkg/src/load/${shape}.ts`) }));
      build.onResolve({ filter: /^#wasm-module$/ }, () => ({ path: "./ticketwire.wasm", external: true }));
      build.onResolve({ filter: /^#/ }, ({ path }) => ({ path, namespace: "generated", sideEffects: false }));
      build.onLoad({ filter: /.*/, namespace: "generated" }, ({ path }) => ({ contents: sources[path] }));
    },
  };
}

/** The JSON Schema of an event as validators read it: examples are for people, who have the README. */
function schema() {
  const whole = JSON.parse(readFileSync("src/event/event.schema.json", "utf8"));
  return JSON.stringify(whole, (name, value) => (name === "examples" ? undefined : value));
}

/** The types, for `import` and for `require`: the same, under names that each looks for. */
function declare(dist) {
  const folder = join(dist, "types");
  const all = join(dist, "all-types");
  run("tsc", ["--project", "pkg/tsconfig.json", "--emitDeclarationOnly", "--outDir", all]);
  for (const name of reachable(all, ["index", ...PARTS])) {
    const text = readFileSync(join(all, `${name}.d.ts`), "utf8");
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, `${name}.d.ts`), text);
    writeFileSync(
      join(folder, `${name}.d.cts`),
      text.replace(IMPORTED, (_, before, path) => `${before}${path}.cjs"`),
    );
  }
  rmSync(all, { recursive: true });
}

/** The declarations that those of the entries need: the rest is nobody's business. */
function reachable(folder, names) {
  const found = new Set(names);
  for (const name of found) {
    const text = readFileSync(join(folder, `${name}.d.ts`), "utf8");
    for (const [, , path] of text.matchAll(IMPORTED)) found.add(join(dirname(name), path));
  }
  return found;
}
