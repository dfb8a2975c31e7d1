// A Worker in processes of its own, which can be killed outright and started again.

import { fork } from "node:child_process";
import { mkdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { readConfig } from "../../scripts/local.mjs";

const PROGRAM = fileURLToPath(new URL("worker.mjs", import.meta.url));
const START_WITHIN_MS = 30_000;

export class Service {
  #config;
  #read;
  #options;
  #scratch;
  #running;
  #standby;

  /** `scratch`: where the runtime may leave files behind when it is killed. */
  constructor(config, { scratch, ...options }) {
    this.#config = config;
    this.#options = options;
    this.#scratch = scratch;
    mkdirSync(scratch, { recursive: true });
  }

  /** Starts it, with these variables on top of its own, and gives its URL. */
  async start(variables = {}) {
    // Read once here: the processes then need not load what reads it.
    this.#read ??= await readConfig(this.#config);
    const host = this.#standby ?? this.#load();
    this.#standby = undefined;
    this.#running = host;
    await host.said("loaded");
    const started = host.said("started");
    const options = { ...this.#options, variables: { ...this.#options.variables, ...variables } };
    host.child.send({ config: this.#read, options });
    const { url, runtime } = await started;
    host.runtime = runtime;
    return url;
  }

  /** Loads the process that the next start will use, since loading takes longer than starting. */
  standBy() {
    this.#standby ??= this.#load();
  }

  /** Kills the runtime at once, then what started it. */
  kill() {
    const host = this.#running;
    this.#running = undefined;
    for (const pid of host.runtime) signal(pid, "SIGKILL");
    host.child.kill("SIGKILL");
  }

  /** Has the runtime take nothing new and end what is under way, for so long; then it is killed. */
  async retire(withinMs) {
    // Or it would start another runtime once this one has ended by itself.
    this.#running.child.kill("SIGSTOP");
    for (const pid of this.#running.runtime) signal(pid, "SIGTERM");
    await sleep(withinMs);
    this.kill();
  }

  async stop() {
    await Promise.all([this.#running, this.#standby].filter(Boolean).map((host) => host.end()));
    this.#running = this.#standby = undefined;
  }

  #load() {
    const env = { ...process.env, TMPDIR: this.#scratch };
    const child = fork(PROGRAM, { env, stdio: ["ignore", "ignore", "inherit", "ipc"] });
    const said = (kind) => answer(child, kind);
    // Without its parent it ends by itself, and its runtime with it.
    const end = () =>
      new Promise((resolve) => {
        child.once("exit", resolve);
        if (child.exitCode !== null || child.signalCode !== null) resolve();
        else if (child.connected) child.disconnect();
      });
    const loaded = said("loaded");
    // Whoever waits for it hears of a failure; nobody may be waiting.
    loaded.catch(() => {});
    return { child, end, runtime: [], said: (kind) => (kind === "loaded" ? loaded : said(kind)) };
  }
}

function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}

/** The next message of this kind. */
function answer(child, kind) {
  return new Promise((resolve, reject) => {
    const fail = (why) => done(reject, new Error(`a Worker's process did not start: ${why}`));
    const timer = setTimeout(() => fail(`nothing within ${START_WITHIN_MS} ms`), START_WITHIN_MS);
    const heard = (message) => {
      if (message.kind === kind) done(resolve, message);
      else if (message.kind === "failed") fail(message.message);
    };
    const gone = () => fail("it ended");
    const done = (settle, value) => {
      clearTimeout(timer);
      child.off("message", heard);
      child.off("exit", gone);
      settle(value);
    };
    child.on("message", heard);
    child.on("exit", gone);
  });
}
