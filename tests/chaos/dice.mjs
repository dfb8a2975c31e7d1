// Dice that fall the same way for the same seed: each who throws has a stream of its own, so that
// what one does never changes what another does.

import { createHash } from "node:crypto";

/** The dice of one stream of a seed. */
export function dice(seed, ...stream) {
  const next = sfc32(
    createHash("sha256")
      .update([seed, ...stream].join("/"))
      .digest(),
  );
  const between = (low, high) => low + next() * (high - low);
  const whole = (low, high) => Math.floor(between(low, high + 1));
  return {
    /** A number from low to high. */
    between,
    /** A whole number from low to high, both included. */
    whole,
    chance: (share) => next() < share,
    pick: (list) => list[whole(0, list.length - 1)],
    /** One of the names, each as likely as its weight says. */
    weighted(weights) {
      let left = next() * Object.values(weights).reduce((sum, weight) => sum + weight, 0);
      return Object.keys(weights).find((name) => (left -= weights[name]) < 0) ?? Object.keys(weights)[0];
    },
  };
}

/** Chris Doty-Humphrey's small fast counting generator: numbers from 0 to below 1. */
function sfc32(bytes) {
  let [a, b, c, counter] = [0, 4, 8, 12].map((at) => bytes.readUInt32LE(at));
  return () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
}
