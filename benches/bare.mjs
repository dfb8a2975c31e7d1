// Workers of a few lines, laid out as a relay is: what they take is the platform's share.

import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { readConfig } from "../scripts/local.mjs";

/** A WebAssembly module with nothing in it. */
const EMPTY = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

/**
 * The configuration of a Worker, for `startWorker`. `entry`: the URL of its source; `wasm`: what it finds as
 * `./core.wasm`; `objects`: the classes of its Durable Objects, by the names of their bindings.
 */
export async function bare(entry, { wasm, objects = {} } = {}) {
  const name = entry.pathname.split("/").at(-1).replace(".mjs", "");
  const folder = resolve("build/benches/bare", name);
  mkdirSync(folder, { recursive: true });
  if (wasm) copyFileSync(wasm, `${folder}/core.wasm`);
  else writeFileSync(`${folder}/core.wasm`, EMPTY);
  const main = `${folder}/worker.js`;
  const external = ["*.wasm", "cloudflare:*"];
  const options = { bundle: true, format: "esm", target: "es2022", external };
  await esbuild.build({ entryPoints: [fileURLToPath(entry)], outfile: main, ...options });
  const { compatibility_date } = await readConfig("wrangler.toml");
  const bindings = Object.entries(objects).map(([name, class_name]) => ({ name, class_name }));
  return { name, main, compatibility_date, vars: {}, durable_objects: { bindings } };
}
