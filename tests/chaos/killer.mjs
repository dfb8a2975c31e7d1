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

/** How long a relay lives: some die as they start, the others once they have done some work. */
const EARLY_DEATHS = 0.15;
const EARLY_MS = { low: 0, high: 600 };
const WORK_ANSWERS = 25;
const WORK_WITHIN_MS = 6_000;
const LIFE_MS = { low: 100, high: 2_800 };
const LOOK_EVERY_MS = 25;

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
      await this.#live();
      if (signal.aborted) return;
      await this.#killOnce();
      await this.#cluster.restartRelay();
    }
  }

  /** A request, or an answer to a caller, is at this moment: whether it has cost the relay its life. */
  meet(moment, { request, conversation, n, status }) {
    const aim = this.#aim;
    if (aim?.moment !== moment) return false;
    if (this.#cluster.wire.troubled.has(conversation)) return false;
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

  /** Waits as long as this relay may live. */
  async #live() {
    const isEarly = this.#dice.chance(EARLY_DEATHS);
    const [early, life] = [EARLY_MS, LIFE_MS].map(({ low, high }) => this.#dice.between(low, high));
    if (isEarly) return sleep(early);
    // On a busy machine a start takes long, and killing what has not done anything yet shows nothing.
    const enough = this.#answered() + WORK_ANSWERS;
    const end = Date.now() + WORK_WITHIN_MS;
    while (this.#answered() < enough && Date.now() < end) await sleep(LOOK_EVERY_MS);
    return sleep(life);
  }

  /** How many requests of the relay the API has answered. */
  #answered = () => this.#cluster.wire.answered;

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
