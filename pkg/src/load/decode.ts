/**
 * The bytes in a text as scripts/build/text.mjs writes it: its first 256 pairs are all bytes in
 * hexadecimal, from the most frequent to the rarest; then each byte is a character, which counts from
 * there; `~` goes on to the next 90.
 */
export function decode(text: string): Uint8Array<ArrayBuffer> {
  const order = Array.from({ length: 256 }, (_, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16));
  const bytes: number[] = [];
  let base = 0;
  for (let at = 512; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 126) {
      base += 90;
      continue;
    }
    // Quote and backslash are left out of the alphabet.
    bytes.push(order[base + code - 32 - (code > 34 ? 1 : 0) - (code > 92 ? 1 : 0)] as number);
    base = 0;
  }
  return new Uint8Array(bytes);
}
