// Workers that are started to see how long that takes.

import { readConfig, startWorker } from "../../scripts/local.mjs";
import { bare } from "../bare.mjs";

const here = (file) => new URL(file, import.meta.url);
const relay = await readConfig("wrangler.toml");

/** What the relay's core takes, as its isolate measures it. */
export async function core() {
  const { text } = await answered(await bare(here("worker.mjs"), { wasm: "build/relay/core.wasm" }));
  return JSON.parse(text);
}

/** What it takes until a relay answers. */
export const relayWorker = () => answered(relay);

/** The same of a Worker that does nothing. */
export const emptyWorker = async () => answered(await bare(here("empty.mjs")));

/** Starts it, asks it once, and ends it. */
async function answered(config) {
  const start = performance.now();
  const worker = await startWorker(config, { direct: true });
  try {
    const text = await (await fetch(`${worker.url}/health`)).text();
    return { answered: performance.now() - start, text };
  } finally {
    await worker.stop();
  }
}
