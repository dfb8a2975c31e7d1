// Kills the relay and starts it again, over and over, at moments that the dice choose.
//
// What the dice choose is the same for the same seed; which request comes by just then is up to the
// machine. An aim that no request meets in time becomes a kill at that moment.

import { setTimeout as sleep } from "node:timers/promises";

/** The kinds of kills, and for each the moments it can be at; the wire says what they are. */
export const KINDS = {
  // "stored": a caller has just been told that its event is stored, and the wire has not seen it.
  "accept-send": ["stored", "arrived"],
  "send-answer": ["passed", "answered"],
  "answer-mark": ["given"],
  random: ["now"],
};

const WEIGHTS = { "accept-send": 3, "send-answer": 3, "answer-mark": 4, random: 2 };
const LIFE_MS = { low: 700, high: 3_500 };
const PATIENCE_MS = 3_000;

export class Killer {
  #dice;
  #cluster;
  #ledger;
  #aim;

  constructor({ dice, cluster, ledger }) {
    this.#dice = dice;
    this.#cluster = cluster;
    this.#ledger = ledger;
  }

  async run(signal) {
    while (!signal.aborted) {
      await sleep(this.#dice.between(LIFE_MS.low, LIFE_MS.high));
      if (signal.aborted) return;
      await this.#killOnce();
      await this.#cluster.restartRelay();
    }
  }

  /** A request, or an answer to a caller, is at this moment: whether it has cost the relay its life. */
  meet(moment, { request, conversation, n, status }) {
    const aim = this.#aim;
    if (aim?.moment !== moment) return false;
    // Only an acknowledgement makes the end of a request worth a kill.
    if ((moment === "answered" || moment === "given") && status !== 200) return false;
    if (aim.skip > 0) {
      aim.skip -= 1;
      return false;
    }
    this.#aim = undefined;
    const kill = () => this.#kill(aim, { request, conversation, n });
    if (aim.delayMs > 0) setTimeout(kill, aim.delayMs);
    else kill();
    return aim.delayMs === 0;
  }

  #killOnce() {
    return new Promise((resolve) => {
      const aim = this.#takeAim(resolve);
      if (aim.moment === "now") return this.#kill(aim);
      this.#aim = aim;
      setTimeout(() => {
        if (this.#aim !== aim) return;
        this.#aim = undefined;
        this.#kill({ ...aim, kind: "random", moment: "now" });
      }, PATIENCE_MS);
    });
  }

  #takeAim(done) {
    const kind = this.#dice.weighted(WEIGHTS);
    const moment = this.#dice.pick(KINDS[kind]);
    const skip = this.#dice.whole(0, 8);
    // Some of the time just behind the moment: the relay is then in the midst of what follows.
    const delayMs = this.#dice.chance(0.4) && moment !== "arrived" ? this.#dice.whole(1, 4) : 0;
    return { kind, moment, skip, delayMs, done };
  }

  #kill({ kind, moment, delayMs, done }, met = {}) {
    this.#ledger.write("control", { what: "kill", kind, moment, delayMs, ...met });
    this.#cluster.killRelay();
    done();
  }
}
