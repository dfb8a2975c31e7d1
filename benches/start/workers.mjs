// Workers that are started to see how long that takes.

import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { readConfig, startWorker } from "../../scripts/local.mjs";

const FOLDER = resolve("build/benches/start");
/** A WebAssembly module with nothing in it. */
const EMPTY = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);

let relay;

/** What the relay's core takes, as its isolate measures it. */
export const core = async () => (await answered(await bundled("worker", "build/relay/core.wasm"))).body;

/** What it takes until a relay answers. */
export async function relayWorker() {
  relay ??= await readConfig("wrangler.toml");
  return answered(relay);
}

/** The same of a Worker that does nothing. */
export const emptyWorker = async () => answered(await bundled("empty"));

/** Lays out a Worker of ours as the relay is laid out. */
async function bundled(name, wasm) {
  const folder = `${FOLDER}/${name}`;
  mkdirSync(folder, { recursive: true });
  if (wasm) copyFileSync(wasm, `${folder}/core.wasm`);
  else writeFileSync(`${folder}/core.wasm`, EMPTY);
  const outfile = `${folder}/worker.js`;
  const entry = fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
  const options = { bundle: true, format: "esm", external: ["*.wasm"] };
  await esbuild.build({ entryPoints: [entry], outfile, ...options });
  const { compatibility_date } = await readConfig("wrangler.toml");
  return { name, main: outfile, compatibility_date, vars: {}, durable_objects: { bindings: [] } };
}

/** Starts it, asks it once, and ends it. */
async function answered(config) {
  const start = performance.now();
  const worker = await startWorker(config, { direct: true });
  try {
    const answer = await fetch(`${worker.url}/health`);
    const text = await answer.text();
    return { answered: performance.now() - start, body: text.startsWith("{") ? JSON.parse(text) : undefined };
  } finally {
    await worker.stop();
  }
}
