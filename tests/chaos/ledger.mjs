// What happened, as it happened: in memory for the checker, and as NDJSON for a post-mortem.

import { createWriteStream, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const BOOKS = ["control", "clients", "wire", "journal", "states"];

/** Books of records. Each record gets `t`, its place among all records of all books, and `at`. */
export class Ledger {
  #count = 0;
  #files = {};
  books = Object.fromEntries(BOOKS.map((book) => [book, []]));

  constructor(folder) {
    mkdirSync(folder, { recursive: true });
    for (const book of BOOKS) this.#files[book] = createWriteStream(join(folder, `${book}.ndjson`));
  }

  write(book, record) {
    this.#count += 1;
    const written = { t: this.#count, at: Date.now(), ...record };
    this.books[book].push(written);
    this.#files[book].write(`${JSON.stringify(written)}\n`);
    return written;
  }

  /** Ends the files; what is in memory stays. */
  async close() {
    await Promise.all(Object.values(this.#files).map((file) => new Promise((done) => file.end(done))));
  }
}

/** The books of a run that is over. */
export function readBooks(folder) {
  const read = (book) =>
    readFileSync(join(folder, `${book}.ndjson`), "utf8")
      .split("\n")
      .filter(Boolean);
  return Object.fromEntries(BOOKS.map((book) => [book, read(book).map((line) => JSON.parse(line))]));
}
