/** More characters than any event may have bytes: who is larger need not be described to its end. */
const MAX_CHARACTERS = 2_000_000;

/** Deeper than the check follows. */
const MAX_LEVELS = 101;

/** What JSON has no word for. */
const OTHER = "?";

const TOO_LARGE = {};

/**
 * Any value as the core reads it: JSON, in which `?` stands for what JSON has no word for. Nothing, where
 * the value is too large. Each getter is called once; what throws is `?`.
 */
export function describe(value: unknown): string | undefined {
  let left = MAX_CHARACTERS;

  const spend = (text: string) => {
    left -= text.length;
    if (left < 0) throw TOO_LARGE;
    return text;
  };

  const string = (text: string) => {
    // Not before it is known to fit: writing takes room of its own.
    if (text.length > left) throw TOO_LARGE;
    return spend(JSON.stringify(text));
  };

  const list = (values: unknown[], level: number) => {
    const parts: string[] = [];
    const { length } = values;
    for (let at = 0; at < length; at += 1) {
      spend(",");
      parts.push(attempt(() => write(values[at], level)));
    }
    return `[${parts.join()}]`;
  };

  const object = (value: object, level: number) => {
    const parts: string[] = [];
    for (const name of Object.keys(value)) {
      // Counts though nothing may stand behind it: it had to be looked at.
      const key = string(name);
      const written = attempt(() => {
        const member = (value as Record<string, unknown>)[name];
        return member === undefined ? "" : write(member, level);
      });
      // As in JSON.stringify: what is undefined is not there.
      if (written) parts.push(`${key}:${written}`);
    }
    return `{${parts.join()}}`;
  };

  const write = (value: unknown, level: number): string => {
    if (value === null || typeof value === "boolean") return spend(`${value}`);
    if (typeof value === "string") return string(value);
    if (typeof value === "number") return spend(isFinite(value) ? `${value}` : OTHER);
    if (typeof value !== "object" || level > MAX_LEVELS) return OTHER;
    if (Array.isArray(value)) return list(value, level + 1);
    // A Map, a Date or a Promise is no event, whatever members it has.
    return Object.prototype.toString.call(value) === "[object Object]" ? object(value, level + 1) : OTHER;
  };

  const attempt = (work: () => string): string => {
    try {
      return work();
    } catch (error) {
      if (error === TOO_LARGE) throw error;
      return spend(OTHER);
    }
  };

  try {
    return attempt(() => write(value, 0));
  } catch {
    return undefined;
  }
}
