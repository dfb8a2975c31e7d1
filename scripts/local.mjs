// Runs the built Workers on this machine under workerd, as `npm start` and the tests do.

import { randomBytes, randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Log, LogLevel, Miniflare } from "miniflare";

const HOST = "127.0.0.1";

// From here on, systems lend ports to calls outward: one of those could be taken before it is used, or
// while who listens on it is down.
const FIRST_LENT_PORT = 32_768;
const FIRST_PORT = 20_000;
const given = new Set();

/** A secret for one run. */
export const secret = (prefix) => `${prefix}_${randomBytes(18).toString("base64url")}`;

/** A port that nothing listens on, another one each time. */
export async function freePort() {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(FIRST_PORT, FIRST_LENT_PORT);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error(`no port of ${HOST} below ${FIRST_LENT_PORT} can be listened on; see what holds them`);
}

/** Whether this port can be listened on. */
export async function isFree(port) {
  const server = createServer();
  try {
    await once(server.listen(port, HOST), "listening");
    await once(server.close(), "close");
    return true;
  } catch {
    return false;
  }
}

/** A Worker's wrangler configuration. Only who reads one has to load wrangler, which takes a while. */
export async function readConfig(path) {
  const { unstable_readConfig } = await import("wrangler");
  return unstable_readConfig({ config: path }, { hideWarnings: true });
}

/**
 * Starts a Worker as its wrangler configuration has it, a path or what `readConfig` made of it, with
 * these variables on top.
 * `persist`: the folder for its Durable Objects; without, they live until it stops.
 * `onLog`: gets each line that the Worker writes.
 * `rateLimit`: counts how often one calls, as the configuration has it (`true`) or up to this number;
 * without, nobody is counted, since tests and chaos send a lot with one key.
 * `services`: bindings to other Workers, by name, each the source of a module whose default export
 * is called.
 * `direct`: callers speak to the Worker itself, not through Miniflare's own Worker in front of it.
 */
export async function startWorker(
  configuration,
  {
    port = 0,
    variables = {},
    persist,
    onLog = () => {},
    direct = false,
    rateLimit = false,
    services = {},
  } = {},
) {
  const config = typeof configuration === "string" ? await readConfig(configuration) : configuration;
  const miniflare = new Miniflare({
    host: HOST,
    port: direct ? 0 : port,
    log: new Log(LogLevel.ERROR),
    logRequests: false,
    telemetry: { enabled: false },
    resourcePersistencePath: persist,
    handleStructuredLogs: ({ message }) => onLog(message),
    workers: [
      {
        config: worker(config, variables, rateLimit, services),
        dev: {
          rootPath: process.cwd(),
          unsafeDirectSockets: direct ? [{ host: HOST, port }] : [],
        },
      },
      ...Object.entries(services).map(([name, source]) => ({ config: service(name, source, config) })),
    ],
  });
  const stop = () => miniflare.dispose();
  try {
    const front = await miniflare.ready;
    const { origin } = direct ? await miniflare.unsafeGetDirectURL(config.name) : front;
    // What the platform does whenever it likes: `webSockets` is "hibernate" or "close".
    const evict = (className, name, webSockets) =>
      miniflare.unsafeEvictDurableObject(config.name, className, { name, webSockets });
    return { url: origin, stop, evict };
  } catch (error) {
    // What did not start still has to be ended, and may fail at that too.
    await stop().catch(() => {});
    throw error;
  }
}

/** A Worker's part of Miniflare's options. */
function worker(
  { name, main, compatibility_date, vars, durable_objects, assets, ratelimits = [] },
  variables,
  rateLimit,
  services,
) {
  // The platform's own Workers that serve files stand before ours: only where there is something to serve.
  const isServing = variables.CONSOLE === "on";
  const folder = join(main, "..");
  const objects = durable_objects.bindings;
  return {
    name,
    compatibilityDate: compatibility_date,
    manifest: {
      mainModule: "worker.js",
      modulesRoot: folder,
      modules: modulesIn(folder),
    },
    env: {
      ...mapped(Object.entries({ ...vars, ...variables }), ([name, value]) => [
        name,
        { type: typeof value === "string" ? "text" : "json", value },
      ]),
      ...mapped(objects, (object) => [
        object.name,
        { type: "durable-object", worker: name, exportName: object.class_name },
      ]),
      ...(isServing && { [assets.binding]: { type: "assets" } }),
      ...(rateLimit && mapped(ratelimits, (each) => [each.name, limiter(each, rateLimit)])),
      ...mapped(Object.keys(services), (binding) => [
        binding,
        { type: "worker", worker: binding.toLowerCase() },
      ]),
    },
    exports: mapped(objects, ({ class_name }) => [class_name, { type: "durable-object", storage: "sqlite" }]),
    ...(isServing && {
      assets: { directory: assets.directory, runWorkerFirst: assets.run_worker_first, hasUserWorker: true },
    }),
  };
}

/** What a build has left in its folder: one may have no core. */
function modulesIn(folder) {
  const contents = (file) => readFileSync(join(folder, file));
  const core = existsSync(join(folder, "core.wasm")) && {
    "core.wasm": { type: "wasm", contents: contents("core.wasm") },
  };
  return { "worker.js": { type: "esm", contents: contents("worker.js").toString() }, ...core };
}

const limiter = ({ namespace_id, simple }, limit) => ({
  type: "rate-limit",
  namespace: namespace_id,
  simple: limit === true ? simple : { ...simple, limit },
});

/** The Worker behind a binding of this name. */
const service = (binding, source, { compatibility_date }) => ({
  name: binding.toLowerCase(),
  compatibilityDate: compatibility_date,
  manifest: {
    mainModule: "worker.js",
    modules: { "worker.js": { type: "esm", contents: source } },
  },
});

const mapped = (list, entry) => Object.fromEntries(list.map(entry));
