// A Rust that builds for wasm: the one in use if it can, else with the target that rustup adds, else
// Debian's. Only what is missing is installed, and nobody's default changes.

import { readdirSync } from "node:fs";
import { canInstallDebianRust, debianAdvice, installDebianRust, readyDebianRust } from "./debian.mjs";
import { onPath, pins } from "./places.mjs";
import { run } from "./processes.mjs";
import { Stuck, say, step } from "./progress.mjs";
import { isRecent } from "./version.mjs";

const { minimum, target } = pins.rust;
const addTarget = `rustup target add ${target}`;
const rustupLimitMs = 180_000;

/**
 * Two promises of an environment, each a set of variables to add: `host` has a Rust for this
 * machine, which is all that building a tool takes; `wasm` has one that can build for wasm too.
 */
export async function prepareRust() {
  const [active, debian] = await Promise.all([activeRust(), readyDebianRust()]);
  const ready = active?.target ? {} : debian;
  if (ready) return { host: Promise.resolve(ready), wasm: Promise.resolve(ready) };

  let compilerInstalled;
  const installed = new Promise((done) => (compilerInstalled = done));
  const wasm = makeWasmPossible(active, compilerInstalled);
  return { host: active ? Promise.resolve({}) : Promise.race([installed, wasm]), wasm };
}

async function makeWasmPossible(active, compilerInstalled) {
  const refusal = await tryRustup(active);
  if (!refusal) return {};
  if (await canInstallDebianRust()) {
    if (onPath("rustup")) say(`${refusal.message}; using Debian's compiler beside it`);
    return installDebianRust(compilerInstalled);
  }
  refusal.next = [refusal.next, ...debianAdvice()].join(", or: ");
  throw refusal;
}

/** Adds the target to the toolchain in use; what it returns is why that was not possible. */
async function tryRustup(active) {
  if (!onPath("rustup")) return noRust(active);
  if (!active) {
    return new Stuck(`rustup has no Rust ${minimum} or newer in use here`, { next: "rustup update stable" });
  }
  try {
    return await step(`adding ${target} to Rust`, { seconds: 15, next: addTarget }, async () => {
      // One retry, not rustup's several: where the network refuses, there is another way.
      const env = { ...process.env, RUSTUP_MAX_RETRIES: "1", RUST_BACKTRACE: "0" };
      await run("rustup", ["target", "add", target], { env, limitMs: rustupLimitMs });
      if ((await activeRust())?.target) return undefined;
      throw new Stuck("rustup added the target, but not to the rustc that comes first on PATH");
    });
  } catch (error) {
    return error;
  }
}

function noRust(active) {
  const lack = active
    ? `the Rust in use, ${active.version}, has no ${target}, and there is no rustup to add it`
    : `there is no Rust ${minimum} or newer here`;
  return new Stuck(lack, { next: "install rustup (https://rustup.rs)" });
}

/** The Rust that `cargo` would use, if it is new enough, and whether it has the target's std. */
async function activeRust() {
  if (!onPath("cargo") || !onPath("rustc")) return undefined;
  // Asking must not make rustup fetch a toolchain.
  const env = { ...process.env, RUSTUP_AUTO_INSTALL: "0" };
  const [version, libraries] = await Promise.all([
    run("rustc", ["--version"], { env }),
    run("rustc", ["--print", "target-libdir", "--target", target], { env }),
  ]).catch(() => []);
  if (!version || !isRecent(version)) return undefined;
  return { version: version.trim(), target: hasStd(libraries.trim()) };
}

function hasStd(libraries) {
  try {
    return readdirSync(libraries).some((name) => /^libstd-.*\.rlib$/.test(name));
  } catch {
    return false;
  }
}
