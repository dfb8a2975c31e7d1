// Environments: directories that go before all others on PATH, and variables to set.

import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** Our own environment with `additions`, and with `variables`, of which an undefined one is unset. */
export function inEnvironment(additions, variables = {}) {
  const path = [...(additions.path ?? []), ...(process.env.PATH ?? "").split(delimiter).filter(Boolean)];
  // cargo puts this directory first by itself unless it is on PATH already, wherever on it.
  const cargoBin = join(process.env.CARGO_HOME || join(homedir(), ".cargo"), "bin");
  if (existsSync(cargoBin) && !path.includes(cargoBin)) path.push(cargoBin);
  const all = { ...process.env, ...additions.variables, ...variables, PATH: path.join(delimiter) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** One environment of several; of two directories with the same program, the earlier one's is used. */
export function combined(...parts) {
  return {
    path: parts.flatMap(({ path = [] }) => path),
    variables: Object.assign({}, ...parts.map(({ variables }) => variables)),
  };
}
