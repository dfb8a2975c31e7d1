// TypeScript beside the package as it was built, compiled as strictly as it can be.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const STRICT = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"];
const PLACE = ["--target", "es2022", "--lib", "es2022,dom,dom.iterable", "--module", "nodenext"];

/** Fails, with what the compiler says, unless these files compile: their texts by their names. */
export async function compile(folder, files) {
  lay(folder, files);
  const compiled = promisify(execFile)("tsc", [...STRICT, ...PLACE, ...Object.keys(files)], { cwd: folder });
  await compiled.catch(({ stdout }) => assert.fail(stdout));
}

/** Puts them into an empty folder, from which the package is found by its name. */
function lay(folder, files) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  symlinkSync(resolve("pkg"), join(folder, "node_modules", "ticketwire"));
  for (const [name, source] of Object.entries(files)) writeFileSync(join(folder, name), source);
}
