// Checking an event may not take more instructions without anyone noticing: benches/instructions.json says how
// many it takes, natively. `UPDATE=1 node --test tests/instructions.test.mjs` writes what is counted.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { compiler, instructions, lacking } from "../benches/core/instructions.mjs";

const FILE = "benches/instructions.json";
/** Compilers of another version come to other counts: three in a row differed by 0.6 % at most. */
const TOLERANCE = 0.05;
const REFRESH = `UPDATE=1 node --test tests/instructions.test.mjs writes ${FILE} anew`;

const used = compiler();
const host = (compiler) => compiler.split(", ")[1];

if (process.env.UPDATE)
  writeFileSync(FILE, `${JSON.stringify({ compiler: used, ...(await instructions()) }, null, 2)}\n`);
const { compiler: known, ...expected } = JSON.parse(readFileSync(FILE, "utf8"));

describe("instructions to check an event", { skip: whyNot() }, () => {
  let counted;
  before(async () => (counted = await instructions()));

  test("each case that is counted is in the file", () => {
    assert.deepEqual(Object.keys(expected), Object.keys(counted), REFRESH);
  });

  for (const [name, count] of Object.entries(expected)) {
    test(`${name}: ${count}`, () => {
      const share = Math.abs(counted[name] - count) / count;
      assert.ok(
        share <= TOLERANCE,
        `it takes ${counted[name]} with ${used}, not ${count} as with ${known}; ${REFRESH}`,
      );
    });
  }
});

/** Why there is nothing to compare. In CI there is no excuse. */
function whyNot() {
  if (process.env.CI) return false;
  const other =
    host(known) !== host(used) && `${FILE} is about ${host(known)}, this is ${host(used)}: ${REFRESH}`;
  return lacking ?? other;
}
