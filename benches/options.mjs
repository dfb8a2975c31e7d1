// What a measurement may be told: `--rounds 5`.

import { parseArgs } from "node:util";

/**
 * Its options, each with what it usually is: a number, or a text. What it can't be told ends the program.
 * `--help` says what there is.
 */
export function options(usual) {
  const texts = Object.fromEntries(Object.keys(usual).map((name) => [name, { type: "string" }]));
  try {
    const { values } = parseArgs({ options: { ...texts, help: { type: "boolean", short: "h" } } });
    if (!values.help) return read(values, usual);
    console.log(helpOf(usual));
    process.exit(0);
  } catch ({ message }) {
    console.error(`${message}\n${helpOf(usual)}`);
    process.exit(2);
  }
}

/** Of what there is, by name, that of which a name holds one of these parts, divided by commas. */
export function chosen(named, parts) {
  const wished = parts.split(",");
  const entries = Object.entries(named).filter(([name]) => wished.some((part) => name.includes(part)));
  if (entries.length > 0) return entries;
  console.error(`there is no ${parts}; there are: ${Object.keys(named).join("; ")}`);
  process.exit(2);
}

function read(values, usual) {
  const entries = Object.entries(usual).map(([name, value]) => {
    const told = values[name];
    if (told === undefined) return [name, value];
    if (typeof value === "number" && !/^[1-9]\d*$/.test(told))
      throw new Error(`--${name} takes a whole number from 1`);
    return [name, typeof value === "number" ? Number(told) : told];
  });
  return Object.fromEntries(entries);
}

function helpOf(usual) {
  const each = Object.entries(usual).map(([name, value]) => `--${name} ${value || "…"}`);
  return each.length > 0 ? `options, as they usually are: ${each.join(" ")}` : "there are no options";
}
