import { pins } from "./places.mjs";

/** Whether a Rust of this version, as `rustc --version` tells it, is new enough. */
export function isRecent(version = "") {
  const [have, want] = [version, pins.rust.minimum].map(numbers);
  const place = want.findIndex((number, index) => number !== have[index]);
  return place < 0 || have[place] > want[place];
}

const numbers = (text) => (/(\d+)\.(\d+)\.(\d+)/.exec(text) ?? []).slice(1).map(Number);
