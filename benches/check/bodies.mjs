// What is checked, by its name: as natively (`../bodies/`), and the long one once more for engines that keep
// such texts in half the room.

import { readFileSync } from "node:fs";

const read = (name) => readFileSync(`benches/bodies/${name}.json`, "utf8");
const LARGE = read("large");

/** Each body, and how many faults it has, each of which every validator can name. */
export const BODIES = {
  "the reference page's example": { json: read("example"), faults: 0 },
  "a ticket of 10 kB": { json: LARGE, faults: 0 },
  "the same in ASCII alone": { json: LARGE.replace(/[^\0-\x7f]/gu, "?"), faults: 0 },
  "five faults": { json: read("faults"), faults: 5 },
};
