// The relay and its peers, each a process of its own, in front of the same upstream.

import { fork } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { build, makeWorker } from "../../scripts/build.mjs";
import { install } from "../../scripts/install.mjs";
import { freePort, readConfig, secret, startWorker } from "../../scripts/local.mjs";
import { childrenOf } from "../../scripts/process-table.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
/** Where peers are installed and built. */
export const FOLDER = resolve("build/benches/relay");
const BOT_ID = "618a30beee4e8e87d2f94015";

/** Peers that are Workers in JavaScript, by the names of their files. */
const WORKERS = ["pass-through", "read-and-forward", "same-duties", "store-and-forward", "hono-zod"];
/** The Durable Objects of those that have any. */
const OBJECTS = { "store-and-forward": [{ name: "CONVERSATIONS", class_name: "Conversation" }] };

/** Builds everything that is compared. */
export async function prepare() {
  mkdirSync(FOLDER, { recursive: true });
  cpSync(HERE, FOLDER, { recursive: true });
  await install(FOLDER);
  await build("relay", console.error);
  for (const name of WORKERS) await bundle(`${name}.mjs`, `${name}/worker.js`, { target: "es2022" });
  await bundle("express.ts", "express/server.mjs", { platform: "node", target: "node22", banner: REQUIRE });
  await buildWorkerCrate();
}

/** In modules that were bundled from CommonJS. */
const REQUIRE = {
  js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
};

async function bundle(from, to, options) {
  await esbuild.build({
    entryPoints: [`${FOLDER}/peers/${from}`],
    outfile: `${FOLDER}/${to}`,
    bundle: true,
    format: "esm",
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
    // The platform's own, and parts of class-validator and class-transformer that nobody here installs.
    external: ["@nestjs/*", "cloudflare:*"],
    logLevel: "error",
    ...options,
  });
}

async function buildWorkerCrate() {
  const folder = `${FOLDER}/worker-crate`;
  console.error("building the peer in the worker crate's own style: a minute or two the first time");
  mkdirSync(folder, { recursive: true });
  const root = `${HERE}peers/worker-crate`;
  await makeWorker({ root, crate: "worker_crate", entry: `${root}/src/entry.js` }, folder);
}

/** Starts the relay, delivering in this way. */
export async function startOurs(upstream, delivery) {
  const key = secret("relay");
  const variables = {
    ...settings(upstream, key),
    DELIVERY: delivery,
    WEBHOOK_SECRETS: secret("webhook"),
  };
  return started(key, await readConfig("wrangler.toml"), variables);
}

/** Starts one of the peers that are Workers. */
export function startPeer(name, upstream) {
  const key = secret("peer");
  const config = {
    name,
    main: `${FOLDER}/${name}/worker.js`,
    compatibility_date: "2026-10-01",
    durable_objects: { bindings: OBJECTS[name] ?? [] },
  };
  return started(key, config, settings(upstream, key));
}

async function started(key, config, variables) {
  const others = new Set(workerds());
  const { url, stop } = await startWorker(config, { direct: true, variables });
  const [pid] = workerds().filter((pid) => !others.has(pid));
  return { url, key, pid, stop };
}

const workerds = () =>
  childrenOf(process.pid)
    .filter(({ program }) => /workerd/.test(program))
    .map(({ pid }) => pid);

/** Starts the vendor's stack. */
export async function startExpress(upstream) {
  const key = secret("peer");
  const port = await freePort();
  const env = { ...process.env, ...settings(upstream, key), PORT: String(port), NODE_ENV: "production" };
  const child = fork(`${FOLDER}/express/server.mjs`, { env });
  await once(child, "message");
  return { url: `http://127.0.0.1:${port}`, key, pid: child.pid, stop: () => child.kill() };
}

const settings = (upstream, key) => ({
  API_BASE_URL: upstream.url,
  API_KEY: "emu_key_of_a_bench",
  BOT_ID,
  RELAY_KEYS: key,
});
