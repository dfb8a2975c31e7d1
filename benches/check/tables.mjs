// What was measured, as tables.

import { median, quantile } from "../quantile.mjs";

const OURS = "ticketwire";

/** A table of each job with each body. */
export function tablesOf(place, rows) {
  return rows.map((row) => `${place}, ${row.job}: ${row.body}\n\n${tableOf(row)}\n`).join("\n");
}

function tableOf({ found, times }) {
  const medians = Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
  const { [OURS]: ours, ...others } = medians;
  const best = Math.min(...Object.values(others));
  const lines = Object.entries(medians)
    .toSorted(([, one], [, other]) => one - other)
    .map(([name, time]) => {
      const cells = [microseconds(time), spread(times[name]), ratio(best, time), ratio(medians.zod, time)];
      return `| ${[name === OURS ? `**${name}**` : name, ...cells, found[name]].join(" | ")} |`;
    });
  const head = "| validator | median | 10 to 90 of 100 | of the best of the others | of zod | issues |";
  return [head, "|---|--:|--:|--:|--:|--:|", ...lines].join("\n");
}

const microseconds = (nanoseconds) => `${(nanoseconds / 1000).toFixed(2)} µs`;
const spread = (all) => `${microseconds(quantile(all, 0.1))} – ${microseconds(quantile(all, 0.9))}`;
/** How many times as fast as that. */
const ratio = (other, own) => `${(other / own).toFixed(2)} ×`;
