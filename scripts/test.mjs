// `npm test`: everything that must hold, in one go; `--quick` stops at what runs natively.

import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { build } from "./build.mjs";

const WASM = ["--target", "wasm32-unknown-unknown"];
const ENTRIES = ["relay", "client", "emulator"];
const BUILT = [...ENTRIES, "console"];
const CHAOS_SEED = "1";
/** Far more than any step takes on a machine with nothing cached: what hangs must not hang for ever. */
const STEP_LIMIT_MS = 20 * 60_000;

const cargo = (...args) => ["cargo", args[0], "--locked", ...args.slice(1)];
// A newer compiler than ours may warn of more: that is for CI to refuse, not for a newcomer's first run.
const strict = process.env.CI ? ["--", "-D", "warnings"] : [];
const testsIn = (folder) => readdirSync(folder).filter((name) => name.endsWith(".test.mjs"));

const quick = [
  ["format of Rust", ["cargo", "fmt", "--all", "--check"]],
  ["format of JavaScript", ["prettier", "--check", "--log-level", "warn", "."]],
  ["the tests that SECURITY.md names", ["node", "--test", "tests/security.test.mjs"]],
  ["lints", cargo("clippy", "--all-targets", ...strict)],
  ["the core, natively", cargo("test")],
];

const full = [
  ...quick,
  ...ENTRIES.flatMap((entry) => [
    [`the ${entry}'s pure part: lints`, cargo("clippy", "--all-targets", "--features", entry, ...strict)],
    [`the ${entry}'s pure part, natively`, cargo("test", "--lib", "--features", entry)],
  ]),
  ...ENTRIES.map((entry) => [
    `the ${entry} for WebAssembly: lints`,
    cargo("clippy", ...WASM, "--features", entry, ...strict),
  ]),
  ["the documentation", cargo("doc", "--no-deps"), process.env.CI ? { RUSTDOCFLAGS: "-D warnings" } : {}],
  ["the client in Node", cargo("test", ...WASM, "--features", "client", "--test", "client")],
  ...BUILT.map((entry) => [`build the ${entry}`, () => build(entry, () => {})]),
  ["build the package that traps", () => build("trap", () => {})],
  ["sizes", ["node", "--test", "tests/size.test.mjs"]],
  [
    "the native benches: lints",
    cargo("clippy", "--package", "ticketwire-benches", "--all-targets", "--all-features", ...strict),
  ],
  ["what the native benches measure", cargo("test", "--package", "ticketwire-benches")],
  ["instructions", ["node", "--test", "tests/instructions.test.mjs"]],
  ["the check of the reference's links", ["node", "--test", "tests/docs.test.mjs"]],
  ["the package's reference", ["node", "scripts/docs.mjs"], {}, /\d+ links.*/],
  ...testsIn("tests/worker").map((file) => [
    `workerd: ${file}`,
    ["node", "--test", "--test-timeout=120000", `tests/worker/${file}`],
  ]),
  ...testsIn("tests/client").map((file) => [
    `the package: ${file}`,
    ["node", "--test", "--test-timeout=120000", `tests/client/${file}`],
  ]),
  ["the chaos run's checker and wire", ["node", "--test", "tests/chaos/*.test.mjs"]],
  [
    "a minute of chaos",
    ["node", "scripts/chaos.mjs", "--minutes", "1", "--seed", CHAOS_SEED],
    {},
    /nothing lost.*/,
  ],
  [
    "the relay is what its OpenAPI says",
    ["node", "tests/openapi/schemathesis.mjs"],
    {},
    /no failure.*|not run.*/,
  ],
  ["in a browser", ["node", "--test", "--test-timeout=120000", "tests/browser/*.test.mjs"]],
  ...testsIn("tests/console").map((file) => [
    `the console: ${file}`,
    ["node", "--test", "--test-timeout=120000", `tests/console/${file}`],
  ]),
  ["the package, everywhere", ["node", "tests/pack/run.mjs"], {}, /\d+ passed, \d+ failed, \d+ not run/],
  [
    "the examples",
    // One after the other: two of them install the backend's packages, into the same folder.
    ["node", "--test", "--test-concurrency=1", "--test-timeout=120000", "tests/examples/*.test.mjs"],
  ],
  ["npm start, once", ["node", "--test", "--test-timeout=120000", "tests/start.test.mjs"]],
  [
    "what would be deployed",
    ["wrangler", "deploy", "--dry-run", "--outdir", "target/deploy"],
    { WRANGLER_SEND_METRICS: "false", CI: "1" },
    /Total Upload.*/,
  ],
];

const steps = process.argv.includes("--quick") ? quick : full;
const start = performance.now();
let passed = 0;
let skipped = 0;
for (const [name, work, environment, shown] of steps) {
  const from = performance.now();
  process.stdout.write(`${String(passed + skipped + 1).padStart(2)}/${steps.length} ${name} … `);
  const { failed, output } = await (typeof work === "function" ? attempt(work) : run(work, environment));
  if (failed) {
    console.log(`FAILED\n\n${output}\n\nnpm test: stopped at “${name}”`);
    if (Array.isArray(work)) console.log(`to repeat it: npm run exec -- ${work.join(" ")}`);
    console.log(`${passed} passed, 1 failed`);
    process.exit(1);
  }
  const why = whySkipped(output);
  if (why) console.log(`skipped: ${why}`);
  else console.log(`${seconds(from)} s${shown ? `; ${shown.exec(output)}` : ""}`);
  if (why) skipped += 1;
  else passed += 1;
}
console.log(`\nall in ${seconds(start)} s`);
console.log(`${passed} passed, 0 failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);

/** Why a step, or some of it, was left out: as Node's test runner prints it. */
function whySkipped(output) {
  return /^\s*﹣ .* # (.*)$/m.exec(output ?? "")?.[1];
}

async function attempt(work) {
  try {
    await work();
    return { failed: false };
  } catch (error) {
    return { failed: true, output: error.stack };
  }
}

/** Runs a command to its end, or to its limit. */
function run([command, ...args], environment) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
    const limit = setTimeout(() => {
      child.kill();
      end(true, `${output}\nit had not ended after ${STEP_LIMIT_MS / 60_000} minutes`);
    }, STEP_LIMIT_MS);
    const end = (failed, output) => {
      clearTimeout(limit);
      resolve({ failed, output });
    };
    child.on("error", (error) => end(true, error.message));
    child.on("close", (code) => end(code !== 0, output));
  });
}

function seconds(from) {
  return ((performance.now() - from) / 1000).toFixed(1);
}
