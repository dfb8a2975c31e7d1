// What is built may not grow past its ceiling without anyone noticing.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const ceilings = JSON.parse(readFileSync("benches/size.json", "utf8"));

for (const [name, { ceilingKilobytes }] of Object.entries(ceilings)) {
  test(`the ${name}'s WebAssembly stays under ${ceilingKilobytes} kB, compressed`, () => {
    const kilobytes = gzipSync(readFileSync(`build/${name}/core.wasm`)).length / 1000;
    assert.ok(kilobytes <= ceilingKilobytes, `${kilobytes.toFixed(1)} kB`);
    assert.ok(
      kilobytes > ceilingKilobytes * 0.9,
      `${kilobytes.toFixed(1)} kB: the ceiling is too high, lower it`,
    );
  });
}
