// `npm run docs`: the package's reference, from its sources into build/docs. What is exported and says
// nothing, and links that lead nowhere, are errors.

import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { check } from "./docs/links.mjs";

const FOLDER = "build/docs";

rmSync(FOLDER, { recursive: true, force: true });
const made = spawnSync("typedoc", ["--options", "pkg/typedoc.json", "--out", FOLDER], { stdio: "inherit" });
if (made.status !== 0) process.exit(1);
const { count, faults } = check(FOLDER);
for (const fault of faults) console.error(fault);
console.log(`${count} links, ${faults.length} of them broken`);
process.exitCode = faults.length > 0 ? 1 : 0;
