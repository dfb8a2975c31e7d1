// Writes bytes as a text that any tool can carry in a script: printable ASCII, without quotes and
// backslashes. As gzip sees it, it is as small as the bytes themselves, where base64 is a third larger: a
// byte stays one character, so what repeats still repeats. pkg/src/load/decode.ts reads it.

const ALPHABET = Array.from({ length: 94 }, (_, at) => at + 32).filter((code) => code !== 34 && code !== 92);
const PAGE = 90;

/** The text: all 256 bytes in hexadecimal, the most frequent first, and each byte as its place there. */
export function textOf(bytes) {
  const counts = new Array(256).fill(0);
  for (const byte of bytes) counts[byte] += 1;
  const order = counts
    .map((_, byte) => byte)
    .sort((one, other) => counts[other] - counts[one] || one - other);
  const characters = [];
  order.forEach((byte, place) => (characters[byte] = characterOf(place)));
  return Buffer.from(order).toString("hex") + Array.from(bytes, (byte) => characters[byte]).join("");
}

function characterOf(place) {
  return "~".repeat(Math.floor(place / PAGE)) + String.fromCharCode(ALPHABET[place % PAGE]);
}
