import { TicketwireError } from "./error.js";

/** The longest that a timer takes, in milliseconds: longer ones end at once. */
const MAX_MS = 2 ** 31 - 1;

/** What a header can carry. */
export function headerSafe(text: unknown, name: string): string {
  if (typeof text === "string" && /^[\x21-\x7e]+$/.test(text)) return text;
  throw invalid(
    name,
    "visible ASCII characters without spaces, and without a word such as Bearer before them",
  );
}

/** A number of tries or milliseconds. */
export function whole(number: unknown, name: string, min: number): number {
  if (Number.isInteger(number) && (number as number) >= min && (number as number) <= MAX_MS)
    return number as number;
  throw invalid(name, `a whole number from ${min} to ${MAX_MS}`);
}

/** Says what an option should be, and not what it is. */
export function invalid(name: string, expected: string): TicketwireError {
  return new TicketwireError("invalid-options", `the option ${name} is not valid: expected ${expected}`);
}
