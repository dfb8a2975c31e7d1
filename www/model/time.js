// Times as people say them.

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const DAY_MS = 86_400_000;

/** The time of day, and the day where that is not today. */
export function clock(atMs, nowMs = Date.now()) {
  const time = CLOCK.format(atMs);
  return Math.abs(nowMs - atMs) < DAY_MS ? time : `${DAY.format(atMs)}, ${time}`;
}

/** How long something takes. */
export function duration(ms) {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}

/** How long until something happens. */
export const until = (atMs, nowMs) => (atMs <= nowMs ? "now" : `in ${duration(atMs - nowMs)}`);
