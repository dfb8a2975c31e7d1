// wasm-bindgen's tools, built from scripts/bindgen.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { inEnvironment } from "./environment.mjs";
import { cached, pins, publish, root } from "./places.mjs";
import { run } from "./processes.mjs";
import { Stuck, step } from "./progress.mjs";

const crate = "ticketwire-bindgen";
const profile = "tools";
const programs = ["wasm-bindgen", "wasm-bindgen-test-runner"];
const runner = `CARGO_TARGET_${pins.rust.target.toUpperCase().replaceAll("-", "_")}_RUNNER`;

/** Builds the tools unless the cache has them; `host` is a promise of the Rust to build them with. */
export async function prepareBindgen(host) {
  const name = directoryName();
  const place = cached(name);
  if (!existsSync(place)) {
    const rust = await host;
    const next = `cargo build --locked --package ${crate} --profile ${profile}`;
    await step("building wasm-bindgen's tools", { seconds: 90, next }, () =>
      publish(name, (out, scratch) => build(rust, out, join(scratch, "target"))),
    );
  }
  return { path: [place], variables: { [runner]: programs[1] } };
}

async function build(rust, out, target) {
  // Not in the project's target directory: its lock would keep others waiting.
  const env = inEnvironment(rust, { CARGO_BUILD_TARGET: undefined });
  await run(
    "cargo",
    ["build", "--locked", "--package", crate, "--profile", profile, "--target-dir", target],
    { env },
  );
  for (const program of programs) await copyFile(join(target, profile, program), join(out, program));
}

/** Named by all that the tools are made from, so that clones share them and a new version is built. */
function directoryName() {
  const read = (path) => readFileSync(join(root, path), "utf8");
  const parts = lockedParts(read("Cargo.lock"));
  const version = parts.find((part) => part.name === "wasm-bindgen-cli").version;
  const hash = createHash("sha256")
    .update(`${process.platform} ${process.arch}\n`)
    .update(parts.map((part) => part.text).join("\n"))
    .update(profileText(read("Cargo.toml")))
    .update(read("scripts/bindgen/Cargo.toml"));
  for (const program of programs) hash.update(read(`scripts/bindgen/src/bin/${program}.rs`));
  return `bindgen-${version}-${hash.digest("hex").slice(0, 10)}`;
}

/** What Cargo.lock says of the tools and all they depend on, and of nothing else. */
function lockedParts(lock) {
  const all = lock.split(/^\[\[package\]\]\n/m).slice(1);
  const packages = all.map((text) => {
    const [, name] = /^name = "(.*)"$/m.exec(text);
    const [, version] = /^version = "(.*)"$/m.exec(text);
    const needs = /^dependencies = \[\n([^\]]*)\]/m.exec(text)?.[1] ?? "";
    return { name, version, text, needs: [...needs.matchAll(/"(.*)"/g)].map(([, need]) => need.split(" ")) };
  });
  const found = new Set();
  const visit = ([name, version]) => {
    const part = packages.find((one) => one.name === name && (!version || one.version === version));
    if (!part) throw new Stuck(`Cargo.lock has no ${name}`, { next: "cargo update --workspace" });
    if (found.has(part)) return;
    found.add(part);
    part.needs.forEach(visit);
  };
  visit([crate]);
  return [...found].sort((a, b) => (a.text < b.text ? -1 : 1));
}

/** The profile the tools are built with, of all that Cargo.toml says. */
function profileText(manifest) {
  const sections = manifest.split(/^(?=\[)/m);
  return sections.filter((section) => section.startsWith(`[profile.${profile}]`)).join("");
}
