// What the relay has counted, put together for charts.

/** The sums over all minutes. */
export function sums(minutes) {
  const total = { accepted: 0, delivered: 0, parked: 0, replies: 0, tries: {}, attempts: {}, latencyMs: [] };
  for (const minute of minutes) {
    for (const name of ["accepted", "delivered", "parked", "replies"]) total[name] += minute[name] ?? 0;
    for (const name of ["tries", "attempts"]) add(total[name], minute[name] ?? {});
    for (const { le, count } of minute.latencyMs ?? []) bucket(total.latencyMs, le).count += count;
  }
  total.latencyMs.sort((one, other) => (one.le ?? Infinity) - (other.le ?? Infinity));
  return total;
}

/** The bound below which this share of a histogram lies: what it says is "at most". */
export function quantile(histogram, share) {
  const all = histogram.reduce((sum, { count }) => sum + count, 0);
  let seen = 0;
  for (const { le, count } of histogram) {
    seen += count;
    if (all > 0 && seen >= share * all) return le ?? Infinity;
  }
  return undefined;
}

/** One value for each minute up to now, with nothing left out. */
export function perMinute({ minutes, nowMs, stepMs }, count, valueOf) {
  const byTime = new Map(minutes.map((minute) => [minute.atMs, minute]));
  const last = Math.floor(nowMs / stepMs) * stepMs;
  return Array.from({ length: count }, (_, at) => {
    const atMs = last - (count - 1 - at) * stepMs;
    const minute = byTime.get(atMs);
    return { atMs, value: minute ? valueOf(minute) : 0 };
  });
}

function add(sums, counts) {
  for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
}

function bucket(histogram, le) {
  const found = histogram.find((bucket) => bucket.le === le);
  if (!found) histogram.push({ le, count: 0 });
  return found ?? histogram.at(-1);
}
