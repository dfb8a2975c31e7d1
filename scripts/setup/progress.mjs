// What the person at the terminal sees of the set-up, all on stderr: the command's own output stays
// clean.

const heartbeatMs = 20_000;
const running = new Map();
let heartbeat;

export const say = (line) => process.stderr.write(`setup: ${line}\n`);

/** A step that cannot go on: what happened, what the tool printed last, and what to try next. */
export class Stuck extends Error {
  constructor(message, { printed = [], next } = {}) {
    super(message);
    this.printed = printed;
    this.next = next;
  }
}

/**
 * Runs one step and tells of its start and its end. `next` is what to try when it fails, unless the
 * failure itself knows better.
 */
export async function step(title, { seconds, next }, work) {
  say(`${title}, about ${seconds} s`);
  running.set(title, Date.now());
  heartbeat ??= setInterval(tellWhatRuns, heartbeatMs).unref();
  try {
    const result = await work();
    say(`${title}: done in ${elapsed(title)}`);
    return result;
  } catch (error) {
    error.title ??= title;
    error.next ??= next;
    throw error;
  } finally {
    running.delete(title);
  }
}

export function explain(error) {
  for (const line of error.printed ?? []) process.stderr.write(`  | ${line}\n`);
  say(error.title ? `${error.title} failed: ${error.message}` : error.message);
  if (error.next) say(`next, try: ${error.next}`);
  if (!(error instanceof Stuck)) process.stderr.write(`${error.stack}\n`);
}

function tellWhatRuns() {
  const titles = [...running.keys()].map((title) => `${title} (${elapsed(title)})`);
  if (titles.length > 0) say(`still ${titles.join("; ")}`);
}

const elapsed = (title) => `${Math.round((Date.now() - running.get(title)) / 1000)} s`;
