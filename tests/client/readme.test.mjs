// What the package's README says holds: its examples compile against the package's types, its tables of codes
// are complete, its sizes are those that are measured.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { compile } from "./compiled.mjs";

const README = readFileSync("pkg/README.md", "utf8");

/** What examples speak of without saying where it is from. */
const AROUND = `
declare const client: import("ticketwire").TicketClient;
declare const built: import("ticketwire").CheckedEvent;
declare const form: unknown;
declare const process: { env: Record<string, string | undefined> };
declare function sessionToken(): Promise<string>;
declare function show(...what: unknown[]): void;
`;

test("its examples compile", async () => {
  const blocks = [...README.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, source]) => source);
  assert.ok(blocks.length > 5, `found ${blocks.length}`);
  const examples = blocks.map((source, at) => [`example-${at + 1}.mts`, source]);
  await compile("build/readme", { "around.d.ts": AROUND, ...Object.fromEntries(examples) });
});

for (const [type, file, head] of [
  ["ErrorCode", "pkg/src/error.ts", "code"],
  ["IssueCode", "pkg/src/types.ts", "issue's code"],
  ["WarningCode", "pkg/src/types.ts", "warning's code"],
]) {
  test(`its table has every ${type}, and no other`, () => {
    assert.deepEqual(codesInTable(head).sort(), codesOfType(type, file).sort());
  });
}

/** The codes in the first column of the table with this head. */
function codesInTable(head) {
  const [, table] = README.split(`\n| ${head} |`);
  const rows = table.split("\n\n")[0].split("\n").slice(2);
  return rows.flatMap((row) => [...row.split("|")[1].matchAll(/`([^`]+)`/g)].map(([, code]) => code));
}

/** The texts of a union. */
function codesOfType(type, file) {
  const [, union] = readFileSync(file, "utf8").split(`export type ${type} =`);
  return [...union.split(";")[0].matchAll(/"([^"]+)"/g)].map(([, code]) => code);
}

test("ErrorCode has every code that the sources give an error", () => {
  const files = readdirSync("pkg/src", { recursive: true }).filter((name) => name.endsWith(".ts"));
  const sources = files.map((name) => readFileSync(`pkg/src/${name}`, "utf8")).join("\n");
  const given = [...sources.matchAll(/new TicketwireError\(\s*"([^"]+)"/g)].map(([, code]) => code);
  assert.ok(given.length > 10, `found ${given.length}`);
  const known = codesOfType("ErrorCode", "pkg/src/error.ts");
  assert.deepEqual(
    given.filter((code) => !known.includes(code)),
    [],
  );
});

test("its sizes are those that are measured", () => {
  const sizes = JSON.parse(readFileSync("benches/size.json", "utf8"));
  const said = [...README.matchAll(/^\| `(ticketwire[^`]*)`[^|]*\| (\d+) \|$/gm)];
  assert.ok(said.length >= 5);
  for (const [, name, kilobytes] of said) {
    const { bytes } = sizes[name];
    assert.ok(Math.abs(Number(kilobytes) - bytes / 1000) <= 1, `${name} has ${bytes} bytes`);
  }
});
