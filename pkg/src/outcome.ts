import { TicketwireError } from "./error.js";
import type { CheckResult, Issue, Warning } from "./types.js";
import { decode } from "./utf8.js";

const LINE_FEED = 10;

/** A finding as the core, or the relay, writes it. */
interface Finding {
  code: string;
  pointer: string;
  message?: string;
  detail?: string;
}

/** What the core says of what it does not take as it is. */
interface Refusal {
  issues?: Finding[];
  omitted: number;
  warnings: Finding[];
}

/**
 * What the core has said of something: nothing, where that may go as it is; else what there is to say, and on the
 * next line what may go in its place. `make` makes the value of that line, or of none.
 */
export function outcome<Value>(
  answer: Uint8Array | undefined,
  make: (instead: Uint8Array | undefined) => Value,
): CheckResult<Value> {
  if (!answer) return { value: make(undefined), warnings: [] };
  const end = answer.indexOf(LINE_FEED);
  const said = JSON.parse(decode(end < 0 ? answer : answer.subarray(0, end))) as Refusal;
  const warnings = findings(said.warnings) as Warning[];
  if (said.issues) return { issues: findings(said.issues) as Issue[], omitted: said.omitted, warnings };
  return { value: make(end < 0 ? undefined : answer.subarray(end + 1)), warnings };
}

/** Findings with their places step by step. */
export function findings(list: Finding[]): (Issue | Warning)[] {
  return list.map(
    ({ code, pointer, message, detail = "" }) =>
      ({ code, pointer, path: steps(pointer), message: message ?? detail }) as Issue | Warning,
  );
}

/** The steps of a JSON pointer; an index counts as one where only a list can be: behind `metaData`. */
function steps(pointer: string): (string | number)[] {
  const [, ...names] = pointer.split("/");
  const path: (string | number)[] = pointer.includes("~")
    ? names.map((name) => name.replace(/~1/g, "/").replace(/~0/g, "~"))
    : names;
  if (names[0] === "metaData" && /^\d+$/.test(names[1] ?? "")) path[1] = Number(names[1]);
  return path;
}

/** What a relay's answer says, which is another's where it can't be read. */
export function read<Said, Value>(text: string, make: (said: Said) => Value): Value {
  try {
    return make(JSON.parse(text) as Said);
  } catch (error) {
    if (error instanceof TicketwireError) throw error;
    // Its own words would repeat what was answered.
    throw unexpected();
  }
}

/** The error of an answer that no relay gives. */
export function unexpected(): TicketwireError {
  return new TicketwireError("unexpected-answer", "the answer is not a relay's: is baseURL that of one?");
}

/** The value, or an error with every issue. */
export function valueOf<Value>(result: CheckResult<Value>, code: string, what: string): Value {
  if (!result.issues) return result.value;
  const { issues, warnings, omitted } = result;
  const first = issues[0];
  const where = first?.pointer ? ` at ${first.pointer}` : "";
  const more = issues.length + omitted - 1;
  const others = more > 0 ? ` (and ${more} more: see \`issues\`)` : "";
  throw new TicketwireError(code, `the ${what} is not valid${where}: ${first?.message}${others}`, {
    issues,
    warnings,
  });
}
