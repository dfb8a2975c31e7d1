// A search that finds nothing proves nothing, unless it finds what is there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Canaries, PIECE } from "./canaries.mjs";

const bytes = (text) => [...Buffer.from(text)];
const hex = (byte) => byte.toString(16).padStart(2, "0");

const FORMS = {
  "as it is": (text) => text,
  hex: (text) => Buffer.from(text).toString("hex"),
  "hex in capitals, behind another digit": (text) => `A${Buffer.from(text).toString("hex").toUpperCase()}`,
  "percent-encoded": (text) =>
    bytes(text)
      .map((byte) => `%${hex(byte)}`)
      .join(""),
  "JSON escapes": (text) =>
    bytes(text)
      .map((byte) => `\\u00${hex(byte)}`)
      .join(""),
  "UTF-16": (text) => Buffer.from(text, "utf16le"),
  ...Object.fromEntries(
    ["", "-", "--"].flatMap((before) =>
      ["base64", "base64url"].map((encoding) => [
        `${encoding} behind ${before.length} bytes`,
        (text) => Buffer.from(`${before}${text}${before}`).toString(encoding),
      ]),
    ),
  ),
};

const around = (found) => Buffer.concat(["{before: ", found, " behind}"].map((part) => Buffer.from(part)));

for (const [name, form] of Object.entries(FORMS)) {
  test(`a canary is found: ${name}`, () => {
    const canaries = new Canaries();
    const secret = canaries.make("secret");
    canaries.make("other");
    assert.deepEqual([...canaries.kindsIn(around(form(secret)))], ["secret"]);
    for (let at = 0; at + PIECE <= secret.length; at += 1) {
      const piece = secret.slice(at, at + PIECE);
      assert.deepEqual([...canaries.kindsIn(around(form(piece)))], ["secret"], `a piece at ${at}`);
      assert.deepEqual([...canaries.kindsIn(around(form(piece.slice(1))))], [], `less at ${at}`);
    }
  });
}
