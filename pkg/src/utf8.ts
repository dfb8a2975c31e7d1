import { TicketwireError } from "./error.js";

/** Text to UTF-8, where the platform has no encoder of its own: jsdom, as Jest runs it. */
class PlainEncoder {
  encode(text: string): Uint8Array {
    const bytes = unescape(encodeURIComponent(text));
    return Uint8Array.from(bytes, (byte) => byte.charCodeAt(0));
  }
}

/** And back. */
class PlainDecoder {
  decode(bytes: Uint8Array = new Uint8Array()): string {
    return decodeURIComponent(escape(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")));
  }
}

/** What turns bytes into text here. */
export function decoder(): new () => { decode(bytes?: Uint8Array): string } {
  return globalThis.TextDecoder ?? PlainDecoder;
}

let reader: { decode(bytes?: Uint8Array): string } | undefined;

/** UTF-8 as text. */
export function decode(bytes: Uint8Array): string {
  reader ??= new (decoder())();
  return reader.decode(bytes);
}

/** What turns text into bytes here. */
export function encoder(): new () => { encode(text: string): Uint8Array } {
  return globalThis.TextEncoder ?? PlainEncoder;
}

let own: { encode(text: string): Uint8Array } | undefined;

/** Text as UTF-8. */
export function encode(text: string): Uint8Array {
  own ??= new (encoder())();
  return own.encode(text);
}

/**
 * Text as UTF-8, or bytes as they are. Half of a surrogate pair, which UTF-8 can't hold, is escaped: the core
 * says where it is. Throws `invalid-options` where it is neither.
 */
export function bytesOf(text: string | Uint8Array): Uint8Array {
  if (ArrayBuffer.isView(text)) return text instanceof Uint8Array ? text : bytesIn(text);
  if (typeof text !== "string")
    throw new TicketwireError("invalid-options", "expected text, or bytes in a Uint8Array");
  const escape = (half: string) => `\\u${half.charCodeAt(0).toString(16)}`;
  return encode(text.replace(/\p{Surrogate}/gu, escape));
}

function bytesIn({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
