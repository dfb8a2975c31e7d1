// What a run runs: the emulator, the wire, and the relay that is killed.

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, secret } from "../../scripts/local.mjs";
import { BOT_ID } from "../worker/harness.mjs";
import { Emulator } from "./emulator.mjs";
import { API_TIMEOUT_MS } from "./flaps.mjs";
import { Relay } from "./relay.mjs";
import { Service } from "./service.mjs";
import { Wire } from "./wire.mjs";

const START_TRIES = 3;

/** How long to look for connections of a relay that is dead, before the next one may connect. */
const CONNECTIONS_MET_WITHIN_MS = 20;

export class Cluster {
  #ledger;
  #folder;
  #relayConfig;
  #services = [];
  #relayService;

  constructor({ ledger, folder, relayConfig = "wrangler.toml" }) {
    this.#ledger = ledger;
    this.#folder = folder;
    this.#relayConfig = relayConfig;
  }

  /** Starts everything; `ask` is what the wire asks. */
  async start(ask) {
    const apiKey = secret("emu");
    const emulatorUrl = await this.#service("emulator", "wrangler.emulator.toml", {
      EMULATOR_KEY: apiKey,
      EMULATOR_BOT_ID: BOT_ID,
      EMULATOR_WEBHOOK_URL: "",
    }).start();
    this.emulator = new Emulator(emulatorUrl, this.#ledger);
    await this.emulator.silence();
    this.wire = new Wire({ ledger: this.#ledger, upstream: emulatorUrl, ask });
    const apiUrl = await this.wire.listen();
    const relayKey = secret("relay");
    const variables = {
      RELAY_KEYS: relayKey,
      BOT_ID,
      API_BASE_URL: apiUrl,
      API_KEY: apiKey,
      API_TIMEOUT_MS: String(API_TIMEOUT_MS),
      WEBHOOK_SECRETS: secret("webhook"),
    };
    // The same port each time: callers find it where it was.
    const port = await freePort();
    this.#relayService = this.#service("relay", this.#relayConfig, variables, port);
    await this.restartRelay();
    this.relay = new Relay(`http://127.0.0.1:${port}`, relayKey);
  }

  killRelay() {
    this.#relayService.kill();
    this.wire.killed();
  }

  async restartRelay() {
    const from = performance.now();
    // What the killed one had still connected is to be met before its successor has a name.
    await sleep(CONNECTIONS_MET_WITHIN_MS);
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.wire.starting();
        await this.#relayService.start();
        break;
      } catch (error) {
        this.#ledger.write("control", { what: "start-failed", message: error.message });
        if (attempt === START_TRIES) throw error;
      }
    }
    this.#ledger.write("control", { what: "ready", ms: Math.round(performance.now() - from) });
    this.#relayService.standBy();
  }

  async stop() {
    await Promise.all(this.#services.map((service) => service.stop()));
    await this.wire?.close();
  }

  #service(name, config, variables, port = 0) {
    const folder = join(this.#folder, name);
    const [scratch, persist] = [join(folder, "scratch"), join(folder, "storage")];
    // Where the emulator closes a connection, nothing in front of it may answer instead.
    const options = { scratch, persist, port, variables, direct: true };
    const service = new Service(config, options);
    this.#services.push(service);
    return service;
  }
}
