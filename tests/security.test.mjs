// What SECURITY.md says is shown by a test is shown by one that is there.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";

const text = readFileSync("SECURITY.md", "utf8").replace(/\s+/g, " ");
const named = [...text.matchAll(/`(tests\/[^`]+)`: “([^”]+)”/g)].map(([, file, name]) => ({ file, name }));

/** Whether this source has a test, or a group of tests, of this name. */
function has(source, name) {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`\\b(test|describe)\\(\\s*"${escaped}"|\\bfn ${escaped}\\(`).test(source);
}

test("SECURITY.md names tests", () => {
  assert.ok(named.length >= 20, `found ${named.length}`);
});

test("each of its files is there", () => {
  const files = [...text.matchAll(/`(tests\/[^`]+)`/g)].map(([, file]) => file);
  assert.deepEqual(
    files.filter((file) => !existsSync(file)),
    [],
  );
});

test("each has a test of that name", () => {
  assert.deepEqual(
    named.filter(({ file, name }) => !has(readFileSync(file, "utf8"), name)),
    [],
  );
});
