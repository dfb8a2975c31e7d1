// The places, how the package loads there, and what came of it.

import { writeFileSync } from "node:fs";

const MOST_SHOWN = 100;
const HEAD = ["place", "how it loads", "result"];

export function table(results) {
  const rows = [HEAD, ...results.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  const [head, ...body] = rows.map(line);
  return [head, `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...body].join("\n");
}

const cells = ({ place, loads, result, why }) => [place, loads, why ? `${result}: ${short(why)}` : result];

/** What can be read at a glance: the line that names an error, else the first. */
const short = (why) => naming(why).slice(0, MOST_SHOWN);

const naming = (why) => /\b\w*Error: .*$/m.exec(why)?.[0] ?? why.split("\n", 1)[0];

/** The last line: how many of each. */
export function count(results) {
  const of = (result) => results.filter((each) => each.result === result).length;
  return `${of("passed")} passed, ${of("failed")} failed, ${of("not run")} not run`;
}

export function write(file, results) {
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}
