// One run, from start to ledgers: a quiet phase, chaos, and then what is left must drain.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { Client } from "./client.mjs";
import { Cluster } from "./cluster.mjs";
import { dice } from "./dice.mjs";
import { nameOf } from "./event.mjs";
import { flap } from "./flaps.mjs";
import { Killer } from "./killer.mjs";
import { Ledger } from "./ledger.mjs";
import { progress } from "./progress.mjs";
import { settle } from "./settle.mjs";

const CLIENTS = 60;
const PACE_MS = { low: 600, high: 3_000 };
/** How many of the API's acknowledgements get lost on the wire. */
const LOST_ACKNOWLEDGEMENTS = 0.012;

/** The quiet phase: no kills and no faults, so nothing may come twice either. */
const QUIET = { clients: 8, events: 12, pace: { low: 5, high: 60 } };

/** How long a caller may be left without an answer once all is well. */
const ANSWERED_WITHIN_MS = 20_000;

/** Runs it, and gives what happened. Ends everything that it started, whatever happens. */
export async function run({ minutes, seed, folder, relayConfig, signal, say }) {
  const ledger = new Ledger(folder);
  const cluster = new Cluster({ ledger, folder, relayConfig });
  const chaos = new Chaos({ ledger, cluster, seed, say });
  const interrupted = new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(new Error("interrupted")), { once: true });
  });
  try {
    const work = async () => {
      await chaos.start();
      await chaos.quiet();
      await chaos.rage(minutes * 60_000);
      await chaos.settle();
    };
    await Promise.race([work(), interrupted]);
  } finally {
    await chaos.stop();
    await ledger.close();
    for (const name of ["relay", "emulator"]) {
      rmSync(join(folder, name, "scratch"), { recursive: true, force: true });
    }
  }
  return ledger.books;
}

class Chaos {
  #ledger;
  #cluster;
  #seed;
  #say;
  #killer;
  #over = new AbortController();
  #following;
  #acknowledged = new Set();

  constructor({ ledger, cluster, seed, say }) {
    this.#ledger = ledger;
    this.#cluster = cluster;
    this.#seed = seed;
    this.#say = say;
  }

  async start() {
    await this.#cluster.start((moment, entry) => this.#meet(moment, entry));
    this.#following = this.#cluster.emulator.follow(this.#over.signal);
    // A failure shows when it is awaited.
    this.#following.catch(() => {});
  }

  async quiet() {
    this.#phase("quiet");
    const talks = Array.from({ length: QUIET.clients }, (_, index) => {
      const client = this.#client(`quiet-${index}`);
      return client.converse(`quiet-${index}-1`, QUIET.events, { pace: QUIET.pace });
    });
    await Promise.all(talks);
    await settle({ cluster: this.#cluster, ledger: this.#ledger, dice: this.#dice("quiet"), phase: "quiet" });
  }

  async rage(forMs) {
    this.#phase("chaos");
    const [end, giveUp] = [new AbortController(), new AbortController()];
    const { signal } = end;
    const shared = { cluster: this.#cluster, ledger: this.#ledger };
    this.#killer = new Killer({ ...shared, dice: this.#dice("killer") });
    const clients = Array.from({ length: CLIENTS }, (_, index) => this.#client(`case-${index}`));
    const conversations = () =>
      clients.map(({ conversation }) => conversation).filter((one) => !wire.troubled.has(one));
    const { emulator, wire } = this.#cluster;
    const talks = clients.map((client) => client.run({ signal, giveUp: giveUp.signal, pace: PACE_MS }));
    const troubles = [
      this.#killer.run(signal),
      flap({ dice: this.#dice("flaps"), emulator, ledger: this.#ledger, conversations, signal }),
      progress({ books: this.#ledger.books, signal, say: this.#say }),
    ];
    const timer = setTimeout(() => end.abort(), forMs);
    signal.addEventListener("abort", () => setTimeout(() => giveUp.abort(), ANSWERED_WITHIN_MS).unref());
    try {
      await Promise.all([...troubles, ...talks]);
    } finally {
      clearTimeout(timer);
      end.abort();
    }
    this.#killer = undefined;
  }

  async settle() {
    this.#phase("healed");
    const dice = this.#dice("replays");
    await settle({ cluster: this.#cluster, ledger: this.#ledger, dice, phase: "chaos", say: this.#say });
    this.#over.abort();
    await this.#following;
    await this.#cluster.emulator.copyJournal({ last: true });
    this.#phase("over");
  }

  async stop() {
    this.#over.abort();
    await this.#cluster.stop();
  }

  /** What the wire asks. Which acknowledgements get lost is chosen event by event, once each. */
  #meet(moment, entry) {
    if (!this.#killer) return undefined;
    if (this.#killer.meet(moment, entry)) return "stop";
    if (moment !== "answered" || entry.status !== 200) return undefined;
    const name = nameOf(entry.conversation, entry.n);
    if (this.#acknowledged.has(name)) return undefined;
    this.#acknowledged.add(name);
    return this.#dice("lost", name).chance(LOST_ACKNOWLEDGEMENTS) ? "cut" : undefined;
  }

  #client(name) {
    const { relay, wire } = this.#cluster;
    const onStored = (event) => wire.hasSeen(event) || this.#killer?.meet("stored", event);
    return new Client({ name, dice: this.#dice(name), relay, ledger: this.#ledger, onStored });
  }

  #dice = (...stream) => dice(this.#seed, ...stream);

  #phase(name) {
    this.#ledger.write("control", { what: "phase", name });
  }
}
