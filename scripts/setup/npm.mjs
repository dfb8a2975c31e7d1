// npm's packages, exactly as package-lock.json has them.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pins, root } from "./places.mjs";
import { run } from "./processes.mjs";
import { Stuck, step } from "./progress.mjs";

const modules = join(root, "node_modules");
const stamp = join(modules, ".ticketwire-setup");

/** Before the machine's own programs, those of npm's packages: among them a current Node. */
export const npmBin = join(modules, ".bin");

export async function installPackages() {
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  await step("installing npm's packages", { seconds: 20, next: "npm ci" }, async () => {
    await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    await checkNode();
    writeFileSync(stamp, wanted);
  });
}

/** The same as long as `npm ci` would install the same: a changed script is no reason to run it. */
function fingerprint() {
  const { dependencies, devDependencies, optionalDependencies, overrides, allowScripts } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  );
  return createHash("sha256")
    .update(JSON.stringify({ dependencies, devDependencies, optionalDependencies, overrides, allowScripts }))
    .update(readFileSync(join(root, "package-lock.json")))
    .update(`${process.platform} ${process.arch}`)
    .digest("hex");
}

/** The Node that commands will get; npm may have been told to skip what installs a current one. */
async function checkNode() {
  const packaged = join(npmBin, "node");
  const version = await run(existsSync(packaged) ? packaged : process.execPath, ["--version"]);
  if (Number(/^v(\d+)/.exec(version)?.[1]) >= pins.node.minimum) return;
  throw new Stuck(`Node ${pins.node.minimum} or newer is needed, and ${version.trim()} is what there is`, {
    next: "npm rebuild node --ignore-scripts=false",
  });
}
