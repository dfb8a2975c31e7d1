// What a run is planned by: dice, due times, planted bugs.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { dice } from "./dice.mjs";
import { plant } from "./planted.mjs";
import { drainsWithinMs, longestWaitMs } from "./schedule.mjs";

describe("planting a bug", () => {
  const planted = (text, edit) => {
    const root = mkdtempSync(join(tmpdir(), "ticketwire-test-"));
    try {
      writeFileSync(join(root, "a.rs"), text);
      plant({ name: "x", edits: [{ file: "a.rs", ...edit }] }, root);
      return readFileSync(join(root, "a.rs"), "utf8");
    } finally {
      rmSync(root, { recursive: true });
    }
  };
  test("replaces what is there once, word for word", () => {
    assert.equal(planted("let a = b;", { find: "= b", put: "= $&" }), "let a = $&;");
  });
  test("fails where it is not there, or more than once", () => {
    for (const text of ["let a = c;", "let a = b = b;"]) {
      assert.throws(() => planted(text, { find: "= b", put: "" }), /can't be planted: a\.rs has its text/);
    }
  });
});

describe("the plan", () => {
  test("the dice fall the same way for the same seed and stream only", () => {
    const throws = (...of) => {
      const { whole } = dice(...of);
      return Array.from({ length: 20 }, () => whole(1, 6)).join("");
    };
    assert.equal(throws("1", "killer"), throws("1", "killer"));
    assert.notEqual(throws("1", "killer"), throws("2", "killer"));
    assert.notEqual(throws("1", "killer"), throws("1", "flaps"));
  });

  test("the dice reach both ends, and what weighs more comes more often", () => {
    const { whole, weighted } = dice("1", "ends");
    assert.deepEqual([...new Set(Array.from({ length: 200 }, () => whole(1, 6)))].sort(), [1, 2, 3, 4, 5, 6]);
    const names = Array.from({ length: 1_000 }, () => weighted({ often: 9, seldom: 1 }));
    const seldom = names.filter((name) => name === "seldom").length;
    assert.ok(seldom > 50 && seldom < 200, String(seldom));
  });

  test("the due time follows from the schedule", () => {
    assert.equal(longestWaitMs(2), 6_000);
    assert.ok(drainsWithinMs([{ state: "pending", tries: 3 }]) > 18_000);
    assert.ok(drainsWithinMs([{ state: "sending", tries: 3 }]) > 72_000);
    assert.ok(drainsWithinMs([]) < 20_000);
  });
});
