// Runs the built Workers on this machine under workerd, as `npm start` and the tests do.

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Log, LogLevel, Miniflare } from "miniflare";
import { unstable_readConfig as readConfig } from "wrangler";

const HOST = "127.0.0.1";

/** A secret for one run. */
export const secret = (prefix) => `${prefix}_${randomBytes(18).toString("base64url")}`;

/** A port that nothing listens on. */
export async function freePort() {
  const server = createServer();
  const port = await listen(server, 0);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Whether this port can be listened on. */
export async function isFree(port) {
  const server = createServer();
  try {
    await listen(server, port);
    await new Promise((resolve) => server.close(resolve));
    return true;
  } catch {
    return false;
  }
}

function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, () => resolve(server.address().port));
  });
}

/**
 * Starts a Worker as its wrangler configuration has it, with these variables on top.
 * `persist`: the folder for its Durable Objects; without, they live until it stops.
 * `onLog`: gets each line that the Worker writes.
 */
export async function startWorker(configPath, { port = 0, variables = {}, persist, onLog = () => {} } = {}) {
  const config = readConfig({ config: configPath }, { hideWarnings: true });
  const folder = join(config.main, "..");
  const miniflare = new Miniflare({
    name: config.name,
    host: HOST,
    port,
    log: new Log(LogLevel.ERROR),
    compatibilityDate: config.compatibility_date,
    modules: [
      { type: "ESModule", path: "worker.js", contents: readFileSync(join(folder, "worker.js")) },
      { type: "CompiledWasm", path: "core.wasm", contents: readFileSync(join(folder, "core.wasm")) },
    ],
    bindings: { ...config.vars, ...variables },
    durableObjects: Object.fromEntries(
      config.durable_objects.bindings.map(({ name, class_name }) => [name, { className: class_name, useSQLite: true }]),
    ),
    ...(persist && { durableObjectsPersist: persist }),
    handleRuntimeStdio: (stdout, stderr) => {
      stdout.on("data", (text) => onLog(String(text)));
      stderr.on("data", (text) => onLog(String(text)));
    },
  });
  const url = (await miniflare.ready).origin;
  return { url, stop: () => miniflare.dispose() };
}
