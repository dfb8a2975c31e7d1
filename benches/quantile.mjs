// Quantiles of what was measured.

/** The value that this part of all values, from 0 to 1, does not exceed. */
export function quantile(values, part) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)];
}

export const median = (values) => quantile(values, 0.5);
