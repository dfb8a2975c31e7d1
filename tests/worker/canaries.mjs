// Canaries: strings that nobody can guess, put where something must not get out; and the search for
// them, whole or in pieces, in whatever form a program may have written them.

import { randomBytes } from "node:crypto";

/** Pieces of this many bytes are found. Of what is looked for at once, no two share one. */
export const PIECE = 12;

/** A canary: letters and digits, since that can stand in a key, a header, an id and a path alike. */
export const canary = () =>
  randomBytes(64)
    .toString("base64")
    .replace(/[^A-Za-z0-9]/g, "")
    .slice(0, 32);

/** What is looked for: any number of secrets and texts, each of a kind. */
export class Canaries {
  #kinds = new Map();
  /** Which two bytes a piece may begin with: most places need no closer look. */
  #starts = new Uint8Array(0x10000);

  /** A new one of this kind. */
  make(kind) {
    return this.add(kind, canary());
  }

  /** Looks for this one too; without prefixes that stand elsewhere as well. */
  add(kind, text) {
    const bytes = Buffer.from(text).toString("latin1");
    if (bytes.length < PIECE) throw new Error(`a canary of ${bytes.length} bytes is too short`);
    for (let at = 0; at + PIECE <= bytes.length; at += 1) {
      this.#kinds.set(bytes.slice(at, at + PIECE), kind);
      this.#starts[start(bytes, at)] = 1;
    }
    return text;
  }

  /** The kinds that there are. */
  kinds = () => [...new Set(this.#kinds.values())];

  /** The kinds that occur in a text or in bytes. */
  kindsIn(haystack) {
    const bytes = Buffer.from(haystack).toString("latin1");
    const found = new Set();
    for (const form of forms(bytes)) this.#search(form, found);
    return found;
  }

  #search(text, found) {
    for (let at = 0; at + PIECE <= text.length; at += 1) {
      if (this.#starts[start(text, at)] === 0) continue;
      const kind = this.#kinds.get(text.slice(at, at + PIECE));
      if (kind !== undefined) found.add(kind);
    }
  }
}

const start = (text, at) => ((text.charCodeAt(at) & 0xff) << 8) | (text.charCodeAt(at + 1) & 0xff);

/** What was written, and what it may have been before it was encoded. */
function* forms(bytes) {
  yield bytes;
  // Of UTF-16, either way round, the other half is left; of a database's empty pages, nothing.
  const text = bytes.includes("\0") ? bytes.replace(/\0+/g, "") : bytes;
  if (text !== bytes) yield text;
  if (text.includes("%")) yield text.replace(/%([0-9a-f]{2})/gi, fromHex);
  if (text.includes("\\u00")) yield text.replace(/\\u00([0-9a-f]{2})/gi, fromHex);
  for (const [run] of text.matchAll(/[0-9a-f]{24,}/gi)) {
    for (const at of [0, 1]) yield Buffer.from(run.slice(at), "hex").toString("latin1");
  }
  for (const [run] of text.matchAll(/[\w+/-]{16,}/g)) {
    for (const at of [0, 1, 2, 3]) yield Buffer.from(run.slice(at), "base64").toString("latin1");
  }
}

const fromHex = (_, digits) => String.fromCharCode(parseInt(digits, 16));
