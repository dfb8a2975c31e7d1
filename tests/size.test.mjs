// What is built may not grow without anyone noticing: benches/size.json says how large it is, and how large
// it may become, in bytes. `UPDATE=1 node --test tests/size.test.mjs` writes what is measured.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { packed, sizes } from "../benches/sizes/measure.mjs";

const FILE = "benches/size.json";
/** Compilers of another version come to other sizes. */
const TOLERANCE = 0.05;
const REFRESH = `UPDATE=1 node --test tests/size.test.mjs writes ${FILE} anew`;

const measured = await sizes();
if (process.env.UPDATE) update();
const known = read();

test("everything that is measured is in the file", () => {
  assert.deepEqual(Object.keys(known), Object.keys(measured), REFRESH);
});

for (const [name, { bytes, ceiling = Infinity }] of Object.entries(known)) {
  test(`${name}: ${bytes} bytes${ceiling < Infinity ? ` of at most ${ceiling}` : ""}, compressed`, () => {
    assert.ok(measured[name] <= ceiling, `it has ${measured[name]} bytes: over its ceiling`);
    const share = Math.abs(measured[name] - bytes) / bytes;
    assert.ok(share <= TOLERANCE, `it has ${measured[name]} bytes; ${REFRESH}`);
  });
}

test("the package ships one .wasm", async () => {
  const { files } = await packed();
  assert.deepEqual(
    files.filter((path) => path.endsWith(".wasm")),
    ["dist/ticketwire.wasm"],
  );
});

function read() {
  return JSON.parse(readFileSync(FILE, "utf8"));
}

/** Writes what is measured; ceilings stay, since they are what was promised. */
function update() {
  const old = read();
  const row = ([name, bytes]) => [name, { bytes, ceiling: old[name]?.ceiling }];
  const rows = Object.fromEntries(Object.entries(measured).map(row));
  writeFileSync(FILE, `${JSON.stringify(rows, null, 2)}\n`);
}
