import { encode } from "./utf8.js";

/** More bytes than any event may have: who is larger need not be described to its end. */
const MAX_BYTES = 2_000_000;

/** Deeper than the check follows. */
const MAX_LEVELS = 101;

/** Shorter texts are written byte by byte. */
const SHORT = 200;

/** The text of an event is never too long with fewer characters, whatever they are. */
const MEDIUM = 50_000;

/** Beside fewer bytes there is room for it. */
const LARGE = 600_000;

/** How much room is kept from one description to the next. */
const SPARE = 65_536;

const TOO_LARGE = {};

const [QUOTE, COMMA, COLON, OTHER] = [0x22, 0x2c, 0x3a, 0x3f];

/** What was read of an event, or of a variable. */
export interface Read {
  platformConversationId?: unknown;
  text?: unknown;
  platform?: unknown;
  metaData?: unknown;
  key?: unknown;
  value?: unknown;
  sanitize?: unknown;
}

/** A value, as the core reads it, and what was read of it. */
export interface Described {
  /**
   * JSON, in which `?` stands for what JSON has no word for; no bytes, where the value is too large to
   * describe. To be used before the next description.
   */
  bytes: Uint8Array;
  /** The same, as far as it is an event. */
  read: unknown;
}

/** Making room takes longer than filling it. */
let spare: Uint8Array | undefined;

/** Describes any value. Each getter is called once; what throws is `?`. */
export function describe(value: unknown): Described {
  const writer = new Writer();
  try {
    const read = writer.entry([value], 0, 0);
    return { bytes: writer.end(), read };
  } catch {
    return { bytes: new Uint8Array(), read: undefined };
  }
}

class Writer {
  // A getter may have something described as well, which gets room of its own.
  #bytes = spare ?? new Uint8Array(4_096);
  #at = 0;
  #left = MAX_BYTES;
  #omitted: { text: string; at: number } | undefined;

  constructor() {
    spare = undefined;
  }

  end(): Uint8Array {
    if (this.#omitted && this.#at > LARGE) this.#insert(this.#omitted);
    if (this.#bytes.length <= SPARE) spare = this.#bytes;
    return this.#bytes.subarray(0, this.#at);
  }

  /** Writes an entry of a list, and gives what it read. */
  entry(from: unknown[], at: number, level: number): unknown {
    const read = this.#member(from, at, level);
    return read === undefined ? this.#byte(OTHER) : read;
  }

  /** Writes what is found under this name, and gives what it read; what throws is `?`. */
  #member(from: object, name: string | number, level: number): unknown {
    const start = this.#at;
    try {
      const value = (from as Record<string | number, unknown>)[name];
      return level === 1 && name === "text" && isSound(value) ? this.#omit(value) : this.#value(value, level);
    } catch (error) {
      if (error === TOO_LARGE) throw error;
      this.#at = start;
      return this.#byte(OTHER);
    }
  }

  #value(value: unknown, level: number): unknown {
    if (typeof value === "string") return this.#text(value);
    if (value === null || typeof value === "boolean" || Number.isFinite(value)) return this.#word(value);
    // In an object, what is undefined is not there.
    if (value === undefined) return value;
    if (typeof value !== "object" || level > MAX_LEVELS) return this.#byte(OTHER);
    if (Array.isArray(value)) return this.#list(value, level + 1);
    // A Map, a Date or a Promise is no event, whatever members it has.
    const isPlain = Object.prototype.toString.call(value) === "[object Object]";
    return isPlain ? this.#object(value, level + 1) : this.#byte(OTHER);
  }

  #list(values: unknown[], level: number): unknown[] {
    const read: unknown[] = [];
    const { length } = values;
    this.#byte(0x5b);
    for (let at = 0; at < length; at += 1) {
      if (at > 0) this.#byte(COMMA);
      read.push(this.entry(values, at, level));
    }
    this.#byte(0x5d);
    return read;
  }

  #object(value: object, level: number): Read {
    const read: Record<string, unknown> = { ...NOTHING };
    let isEmpty = true;
    this.#byte(0x7b);
    for (const name of Object.keys(value)) {
      const start = this.#at;
      if (!isEmpty) this.#byte(COMMA);
      this.#text(name);
      this.#byte(COLON);
      const member = this.#member(value, name, level);
      if (member === undefined) this.#at = start;
      else isEmpty = false;
      read[name] = member;
    }
    this.#byte(0x7d);
    return read;
  }

  #text(text: string): string {
    const start = this.#at;
    this.#byte(QUOTE);
    if (text.length <= SHORT && this.#plain(text, false)) this.#byte(QUOTE);
    else {
      this.#at = start;
      this.#json(text);
    }
    return text;
  }

  /** Whether a text consists of ASCII that stands for itself, or is JSON already; if so it is written. */
  #plain(text: string, isJson: boolean): boolean {
    const { length } = text;
    this.#reserve(length);
    const bytes = this.#bytes;
    const at = this.#at;
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index);
      if (code < 0x20 || code > 0x7e || (!isJson && (code === QUOTE || code === 0x5c))) return false;
      bytes[at + index] = code;
    }
    this.#at = at + length;
    return true;
  }

  #json(text: string): void {
    // Not before it is known to fit: writing takes room of its own.
    if (text.length > this.#left) throw TOO_LARGE;
    const json = JSON.stringify(text);
    if (json.length > SHORT || !this.#plain(json, true)) this.#copy(encode(json));
  }

  #word(value: unknown): unknown {
    this.#plain(`${value}`, true);
    return value;
  }

  /** The text of an event has more to carry than all the rest, and what has no fault needs no look. */
  #omit(text: string): string {
    this.#omitted = { text, at: this.#at };
    this.#text("");
    return text;
  }

  #insert({ text, at }: { text: string; at: number }): void {
    const rest = this.#bytes.slice(at + 2, this.#at);
    this.#at = at;
    // What is behind it has been counted, and is not twice there.
    this.#left += rest.length;
    this.#json(text);
    this.#copy(rest);
  }

  #copy(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** Writes one byte, and gives what stands for nothing. */
  #byte(byte: number): null {
    this.#reserve(1);
    this.#bytes[this.#at++] = byte;
    return null;
  }

  #reserve(count: number): void {
    this.#left -= count;
    if (this.#left < 0) throw TOO_LARGE;
    const needed = this.#at + count;
    if (needed <= this.#bytes.length) return;
    const bytes = new Uint8Array(2 * needed);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}

/** The members of what is read stand in the same order, which is the engine's fastest. */
const NOTHING: Read = {
  platformConversationId: undefined,
  text: undefined,
  platform: undefined,
  metaData: undefined,
  key: undefined,
  value: undefined,
  sanitize: undefined,
};

/** Whether this is a long text in which the core would find no fault. */
function isSound(value: unknown): value is string {
  if (typeof value !== "string" || value.length <= SHORT || value.length > MEDIUM) return false;
  const text = value as string & { isWellFormed?(): boolean };
  return text.isWellFormed?.() === true && !text.includes("\0");
}
