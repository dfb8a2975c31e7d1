import { TicketwireError } from "./error.js";
import type { CheckResult, Issue, Warning } from "./types.js";
import { decode } from "./utf8.js";

/** A finding as the core, or the relay, writes it. */
interface Finding {
  code: string;
  pointer: string;
  message?: string;
  detail?: string;
}

/** What the core says. Of each finding: code, pointer, message. */
export interface Said {
  /** A reply. */
  value?: unknown;
  /** What has to be filled in. */
  platform?: string;
  issues?: string[];
  omitted: number;
  warnings: string[];
}

const NOTHING: Said = { omitted: 0, warnings: [] };

/** What the core has said of something: nothing, where that may go as it is. `make` makes the value. */
export function outcome<Value>(
  answer: Uint8Array | undefined,
  make: (said: Said) => Value,
): CheckResult<Value> {
  const said = answer ? (JSON.parse(decode(answer)) as Said) : NOTHING;
  const warnings = found(said.warnings) as Warning[];
  if (said.issues) return { issues: found(said.issues) as Issue[], omitted: said.omitted, warnings };
  return { value: make(said), warnings };
}

/** Findings with their places step by step. */
export function findings(list: Finding[]): (Issue | Warning)[] {
  return list.map(({ code, pointer, message, detail = "" }) => finding(code, pointer, message ?? detail));
}

function found(said: string[]): (Issue | Warning)[] {
  const list: (Issue | Warning)[] = [];
  for (let at = 0; at < said.length; at += 3) {
    list.push(finding(said[at] as string, said[at + 1] as string, said[at + 2] as string));
  }
  return list;
}

function finding(code: string, pointer: string, message: string): Issue | Warning {
  return { code, pointer, path: steps(pointer), message } as Issue | Warning;
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
