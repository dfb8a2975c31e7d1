// Debian's Rust, for machines that reach package registries only: its compiler is current, its
// source of std is a package too, and from that std for wasm is built, into a sysroot of our own.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { canInstall, hasApt, install, installCommand, missing } from "./apt.mjs";
import { inEnvironment } from "./environment.mjs";
import { cached, pins, publish } from "./places.mjs";
import { run } from "./processes.mjs";
import { Stuck, step } from "./progress.mjs";
import { isRecent } from "./version.mjs";

const { packages, linker } = pins.debian;
const { target, minimum } = pins.rust;
const system = "/usr/bin";
const systemLibraries = "/usr/lib/rustlib";
const advice = installCommand(packages);

const compilers = ["rustc", "rustdoc"];
const companions = ["cargo", "cargo-clippy", "clippy-driver", "cargo-fmt", "rustfmt"];

/** The environment of Debian's Rust if an earlier set-up has made all of it, else nothing. */
export async function readyDebianRust() {
  const compiler = await debianCompiler();
  if (!compiler) return undefined;
  const place = cached(compiler.name);
  const needed = [...compilers, ...companions, linker].map((name) => join(system, name));
  return [place, ...needed].every((path) => existsSync(path)) ? wasmEnvironment(place) : undefined;
}

export async function canInstallDebianRust() {
  return hasApt() && ((await missing(packages)).length === 0 || canInstall());
}

/** What to do by hand on a Debian where we may not install; nothing elsewhere. */
export const debianAdvice = () => (hasApt() ? [advice] : []);

/** `compilerInstalled` gets the environment of Debian's compiler as soon as that is there. */
export async function installDebianRust(compilerInstalled) {
  await installMissing();
  const compiler = await debianCompiler();
  if (!compiler) {
    throw new Stuck(`Debian's Rust is older than ${minimum} here`, {
      next: "install rustup (https://rustup.rs)",
    });
  }
  compilerInstalled(hostEnvironment());
  const place = cached(compiler.name);
  if (!existsSync(place)) {
    await step("building Rust's standard library for wasm", { seconds: 90, next: advice }, () =>
      publish(compiler.name, async (out, scratch) => {
        await buildStd(compiler, join(out, "sysroot"), scratch);
        await makePrograms(join(out, "bin"), join(place, "sysroot"));
      }),
    );
  }
  return wasmEnvironment(place);
}

async function debianCompiler() {
  const rustc = join(system, "rustc");
  if (!existsSync(rustc) || !existsSync(systemLibraries)) return undefined;
  const about = await run(rustc, ["--version", "--verbose"]).catch(() => "");
  const field = (name) => new RegExp(`^${name}: (.*)$`, "m").exec(about)?.[1];
  if (!isRecent(field("release"))) return undefined;
  const hash = createHash("sha256").update(about).digest("hex").slice(0, 10);
  return { name: `rust-${field("release")}-${hash}`, commit: field("commit-hash"), host: field("host") };
}

async function installMissing() {
  const lacking = await missing(packages);
  const old = lacking.length === 0 && !(await debianCompiler());
  const wanted = old ? packages : lacking;
  if (wanted.length === 0) return;
  // These packages would replace Debian's other Rust, and rustup where that is Debian's too: apt is told
  // that nothing may go.
  await step("installing Debian's Rust compiler", { seconds: 40, next: advice }, () => install(wanted));
}

/** Builds std for wasm with an empty crate for its excuse, and keeps std and what std is made of. */
async function buildStd({ commit, host }, sysroot, scratch) {
  const source = join(systemLibraries, "src/rust");
  const crate = join(scratch, "crate");
  await mkdir(join(crate, "src"), { recursive: true });
  await writeFile(join(crate, "Cargo.toml"), '[package]\nname = "excuse"\nversion = "0.0.0"\n[workspace]\n');
  await writeFile(join(crate, "src/lib.rs"), "");

  const flags = [
    "-Cembed-bitcode=yes", // lto = true needs it
    // As in the official std; and the same std whoever builds it, so that cargo need not build anew.
    `--remap-path-prefix=${source}=/rustc/${commit}`,
    `--remap-path-prefix=${process.env.CARGO_HOME || join(homedir(), ".cargo")}=/cargo`,
    `--remap-path-prefix=${scratch}=/build`,
  ];
  const built = join(scratch, "target");
  const env = inEnvironment(hostEnvironment(), {
    RUSTC_BOOTSTRAP: "1",
    CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f"),
    CARGO_INCREMENTAL: "0",
    CARGO_BUILD_TARGET: undefined,
    RUSTC_WRAPPER: undefined,
    RUSTC_WORKSPACE_WRAPPER: undefined,
  });
  const build = ["build", "--release", "--target", target, "--target-dir", built];
  // test: for `cargo test --target`.
  await run("cargo", [...build, "-Zbuild-std=std,panic_abort,test"], { cwd: crate, env });

  const libraries = join(sysroot, "lib/rustlib", target, "lib");
  await mkdir(libraries, { recursive: true });
  const made = join(built, target, "release/deps");
  for (const name of await readdir(made)) {
    if (/^lib(?!excuse-).*\.rlib$/.test(name)) await copyFile(join(made, name), join(libraries, name));
  }
  // The rest of a sysroot is Debian's: what runs on this machine, and the source of std.
  for (const name of [host, "src"]) {
    await symlink(join(systemLibraries, name), join(sysroot, "lib/rustlib", name));
  }
}

/**
 * The programs that go before all others on PATH. cargo would prefer rustup's rustc, clippy and
 * rustfmt to Debian's where it finds both.
 */
async function makePrograms(bin, sysroot) {
  await mkdir(bin);
  for (const name of compilers) {
    const script = `#!/bin/sh\nexec ${system}/${name} --sysroot ${quoted(sysroot)} "$@"\n`;
    await writeFile(join(bin, name), script, { mode: 0o755 });
  }
  for (const name of companions) await symlink(join(system, name), join(bin, name));
  await symlink(join(system, linker), join(bin, "rust-lld"));
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

const compilerVariables = (bin) => ({ RUSTC: join(bin, "rustc"), RUSTDOC: join(bin, "rustdoc") });

const hostEnvironment = () => ({ path: [system], variables: compilerVariables(system) });

function wasmEnvironment(place) {
  const bin = join(place, "bin");
  // clippy is told of the sysroot in its own way.
  return { path: [bin], variables: { ...compilerVariables(bin), SYSROOT: join(place, "sysroot") } };
}
