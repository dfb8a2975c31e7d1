// A caller of the relay: numbered events, one conversation after another. Where no answer comes, it
// asks again with the same idempotency key until there is one, as a good client does.

import { setTimeout as sleep } from "node:timers/promises";
import { bytesOf, digest, nameOf } from "./event.mjs";

const SHARES = { later: 0.3, burst: 0.15, withoutKey: 0.04, repeated: 0.06, otherBody: 0.02 };
const RETRY_MS = { low: 80, high: 400 };
const MAX_WAIT_MS = 2_000;

export class Client {
  #name;
  #dice;
  #relay;
  #ledger;
  #onStored;
  #sends = 0;
  /** The conversation it is in. */
  conversation;

  constructor({ name, dice, relay, ledger, onStored = () => {} }) {
    this.#name = name;
    this.#dice = dice;
    this.#relay = relay;
    this.#ledger = ledger;
    this.#onStored = onStored;
    this.conversation = name;
  }

  /** Talks until told to stop; what has begun by then goes on until it is answered, or given up. */
  async run({ signal, giveUp, pace }) {
    await sleep(this.#dice.between(0, pace.high));
    for (let round = 1; !signal.aborted; round += 1) {
      this.conversation = `${this.#name}-${round}`;
      await this.converse(this.conversation, this.#dice.whole(10, 40), { signal, giveUp, pace });
    }
  }

  /** One conversation. */
  async converse(conversation, length, { signal, giveUp, pace }) {
    for (let n = 1; n <= length && !signal?.aborted;) {
      const size = this.#dice.chance(SHARES.burst) ? this.#dice.whole(2, 5) : 1;
      const events = Array.from({ length: size }, (_, index) => this.#event(conversation, n + index));
      n += size;
      await Promise.all(events.map((event) => this.#send(event, giveUp)));
      if (events[0].key) await this.#probe(events[0], giveUp);
      await sleep(this.#dice.between(pace.low, pace.high));
    }
  }

  #event(conversation, n) {
    return {
      conversation,
      n,
      bytes: bytesOf(conversation, n, this.#dice),
      key: this.#dice.chance(SHARES.withoutKey) ? undefined : `key-${nameOf(conversation, n)}`,
      later: this.#dice.chance(SHARES.later),
    };
  }

  /** Asks again for what was answered already, or tries to use its key for something else. */
  async #probe(event, giveUp) {
    if (this.#dice.chance(SHARES.repeated)) await this.#send({ ...event, probe: "repeat" }, giveUp);
    if (this.#dice.chance(SHARES.otherBody)) {
      const bytes = bytesOf(event.conversation, event.n, this.#dice);
      if (!bytes.equals(event.bytes)) await this.#send({ ...event, bytes, probe: "other-body" }, giveUp);
    }
  }

  async #send(event, giveUp) {
    for (;;) {
      const answer = await this.#ask(event);
      if (isFinal(answer) || !event.key || giveUp?.aborted) return;
      const wait = this.#dice.between(RETRY_MS.low, RETRY_MS.high);
      await sleep(Math.min(MAX_WAIT_MS, Math.max(wait, 1_000 * (answer.retryAfter ?? 0))));
    }
  }

  async #ask({ conversation, n, bytes, key, later, probe }) {
    this.#sends += 1;
    const send = `${this.#name}/${this.#sends}`;
    const of = { send, conversation, n };
    this.#ledger.write("clients", { what: "send", ...of, key, digest: digest(bytes), later, probe });
    const answer = await this.#relay.post(bytes, { key, later });
    const { error, status, id, replayed, location, code, document } = answer;
    const state = document?.state;
    this.#ledger.write("clients", {
      what: "answer",
      ...of,
      error,
      status,
      id,
      replayed,
      location,
      code,
      state,
    });
    if (status === 202 && !replayed) this.#onStored({ conversation, n });
    return answer;
  }
}

/** Whether this is an answer that asking again would not change. */
const isFinal = ({ status }) => status !== undefined && status !== 429 && status < 500;
