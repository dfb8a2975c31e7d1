// cargo-fuzz, and the nightly Rust that it takes: libFuzzer needs a compiler's unstable options.

import { readFileSync } from "node:fs";
import { lastLines, run } from "./process.mjs";

const { toolchain, version } = JSON.parse(readFileSync("scripts/toolchain.json", "utf8")).fuzz;

export const cargoFuzz = (...args) => ["cargo", `+${toolchain}`, "fuzz", ...args];

/** Installs cargo-fuzz where it is missing; the names of all targets. */
export async function prepare() {
  const nightly = await run(["cargo", `+${toolchain}`, "--version"]);
  if (nightly.code !== 0) {
    throw new Error(
      `fuzzing takes a nightly Rust; get one with: rustup toolchain install ${toolchain} --profile minimal`,
    );
  }
  if ((await run(["cargo", "fuzz", "--version"])).code !== 0) await install();
  const { code, output } = await run(cargoFuzz("list"));
  if (code !== 0) throw new Error(lastLines(output));
  return output.trim().split("\n");
}

async function install() {
  console.log(`installing cargo-fuzz ${version}, about 60 s`);
  const { code, output } = await run(["cargo", "install", "cargo-fuzz", "--locked", "--version", version]);
  if (code !== 0) throw new Error(`${lastLines(output)}\ncargo-fuzz could not be installed: see above`);
}
