// The check of the reference's links finds what it is there to find.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { check } from "../scripts/docs/links.mjs";

/** What is wrong with a page that has this link, beside `sub/other.html` with a place `there`. */
function faults(t, link) {
  const folder = mkdtempSync(join(tmpdir(), "ticketwire-"));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "sub"));
  writeFileSync(join(folder, "index.html"), `<h1 id="here">A page</h1><a href="${link}">a link</a>`);
  writeFileSync(join(folder, "sub", "other.html"), '<p id="there">Another</p>');
  return check(folder);
}

for (const link of [
  "#here",
  "sub/other.html",
  "sub/other.html#there",
  "index.html?query#here",
  "https://example.com/a?b=1&amp;c=2#d",
]) {
  test(`${link} leads somewhere`, (t) => {
    assert.deepEqual(faults(t, link), { count: 1, faults: [] });
  });
}

for (const [link, fault] of [
  ["#nowhere", "no such place in it"],
  ["sub/other.html#here", "no such place in it"],
  ["other.html", "no such file"],
  ["sub", "no such file"],
  ["../index.html", "no such file"],
  ["http://example.com", "is not https"],
  ["//example.com", "is not https"],
  ["javascript:void 0", "is not https"],
  ["https://", "names no host"],
  ["https://example", "names no host"],
]) {
  test(`${link} is a fault: ${fault}`, (t) => {
    assert.deepEqual(faults(t, link).faults, [`index.html: ${link}: ${fault}`]);
  });
}
