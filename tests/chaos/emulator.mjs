// The emulator's own routes, and what its journal says.

import { setTimeout as sleep } from "node:timers/promises";
import { read } from "./event.mjs";

const LOOK_EVERY_MS = 500;

export class Emulator {
  #url;
  #ledger;
  /** Entries without an end, which have to be looked at again, and the newest entry seen. */
  #unfinished = new Map();
  #seen = 0;

  constructor(url, ledger) {
    this.#url = url;
    this.#ledger = ledger;
  }

  addFault = (order) => this.#ask("/faults", { method: "POST", body: JSON.stringify(order) });

  clearFaults = () => this.#ask("/faults", { method: "DELETE" });

  /** An agent that says nothing: replies are not what is on trial. */
  silence = () =>
    this.#ask("/script", { method: "PUT", body: JSON.stringify({ rules: [], fallback: { replies: [] } }) });

  /** Copies the journal into the ledger until told to stop, since it forgets what is old. */
  async follow(signal) {
    while (!signal.aborted) {
      await this.copyJournal();
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** Copies what has ended since; at the last look, also what has not. */
  async copyJournal({ last = false } = {}) {
    let after = Math.min(this.#seen, ...[...this.#unfinished.keys()].map((seq) => seq - 1));
    for (let more = true; more;) {
      const page = await this.#ask(`/journal?kind=event&limit=1000&after=${after}`);
      for (const entry of page.entries) this.#keep(entry);
      after = page.entries.at(-1)?.seq ?? after;
      more = page.more;
    }
    if (!last) return;
    for (const record of this.#unfinished.values()) this.#ledger.write("journal", record);
  }

  #keep({ seq, at, body, bodyBase64, status, cause, processed, faultApplied }) {
    if (seq <= this.#seen && !this.#unfinished.has(seq)) return;
    const bytes = body ?? Buffer.from(bodyBase64, "base64");
    const record = {
      seq,
      arrivedAt: at,
      ...read(bytes),
      status,
      cause,
      processed,
      fault: faultApplied ?? undefined,
    };
    if (status === null && cause === null) this.#unfinished.set(seq, record);
    else {
      this.#unfinished.delete(seq);
      this.#ledger.write("journal", record);
    }
    this.#seen = Math.max(this.#seen, seq);
  }

  async #ask(path, { method = "GET", body } = {}) {
    const headers = body && { "content-type": "application/json" };
    const response = await fetch(`${this.#url}/__admin${path}`, { method, body, headers });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`the emulator answered ${method} ${path} with ${response.status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }
}
