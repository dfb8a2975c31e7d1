import type { Frames } from "#glue";
import { type Answer, type Caller, Deadline, orAborted, type Request, wait, waitBefore } from "./call.js";
import { use } from "./core.js";
import { TicketwireError } from "./error.js";
import type { FollowOptions } from "./options.js";
import { read, unexpected } from "./outcome.js";
import { reply } from "./reply.js";
import type { Change, Entry } from "./types.js";
import { invalid, whole } from "./valid.js";

/** A relay says something every 15 seconds: who is silent for longer is gone. */
const SILENCE_MS = 45_000;

const POLL_MS = 2_000;

/** How many connections in a row may fail: about a minute. */
const MAX_RETRIES = 10;

/** Before the next connection, where the last was ended sooner than this. */
const PAUSE_MS = 1_000;

/** The other side has answered. */
const CONNECTED = "connected";

/** What is needed to follow a conversation. */
export interface Source {
  caller: Caller;
  /** The call that opens the stream. */
  stream: Request;
  /** What is behind a number, asked for once. */
  page: (after: number, signal: AbortSignal) => Promise<Change[]>;
  failure: (answer: Pick<Answer, "status" | "headers" | "text">) => TicketwireError;
}

interface Frame {
  event: string;
  id: string;
  data: string;
}

/** An entry as the relay writes it: a reply in it is word for word the agent's. */
export function entryOf(entry: object): Entry {
  if (!("reply" in entry)) return { type: "event", ...entry } as Entry;
  const { value } = reply.check(JSON.stringify(entry.reply));
  return { type: "reply", ...entry, ...(value && { reply: value }) } as Entry;
}

/** An entry of a page, as a change. */
export function changeOf(entry: Entry): Change {
  return { ...entry, lastId: entry.seq };
}

/** Goes through what happens, as it happens. */
export function follow<Item>(
  source: Source,
  options: FollowOptions,
  pick: (change: Change) => Item | undefined,
): AsyncIterableIterator<Item> {
  const { mode = "auto", pollMs = POLL_MS } = options;
  if (!["auto", "stream", "poll"].includes(mode)) throw invalid("mode", "auto, stream or poll");
  whole(pollMs, "pollMs", 1);
  const left = new AbortController();
  const { signal } = options;
  const end = () => left.abort(signal?.reason);
  signal?.addEventListener("abort", end);
  if (signal?.aborted) end();
  const free = () => signal?.removeEventListener("abort", end);
  const leave = () => (free(), left.abort());
  const items = generate(source, options, pick, left.signal, free);
  // A generator that waits for something can't be left: so it is told to stop waiting first.
  return {
    next: () => items.next(),
    return: () => (leave(), items.return(undefined)),
    throw: (error) => (leave(), items.throw(error)),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* generate<Item>(
  source: Source,
  options: FollowOptions,
  pick: (change: Change) => Item | undefined,
  signal: AbortSignal,
  free: () => void,
): AsyncGenerator<Item, undefined> {
  try {
    for await (const change of changes(source, options, signal)) {
      const item = pick(change);
      if (item !== undefined) yield item;
    }
  } catch (error) {
    // Who has left wants no error; who was told to leave by their own signal does.
    if (!signal.aborted || options.signal?.aborted) throw error;
  } finally {
    free();
  }
  return undefined;
}

async function* changes(source: Source, options: FollowOptions, signal: AbortSignal): AsyncGenerator<Change> {
  let { mode = "auto", after = 0 } = options;
  const trouble = new Trouble(source.stream.renews);
  for (;;) {
    try {
      const turn = mode === "poll" ? poll(source, after, options, signal) : stream(source, after, signal);
      for await (const change of turn) {
        trouble.isOver(change !== CONNECTED);
        if (change === CONNECTED) continue;
        after = change.lastId;
        yield change;
      }
      return;
    } catch (error) {
      if (signal.aborted || !(error instanceof TicketwireError)) throw error;
      if (error.code === "not-streamed" && mode === "auto") mode = "poll";
      else await source.caller.pause(source.stream, 1, error.code, trouble.waitMs(error), signal);
    }
  }
}

/** What has gone wrong since the last time that all was well. */
class Trouble {
  readonly #renews: boolean | undefined;
  #failures = 0;
  #isRenewed = false;
  #sinceMs = 0;

  constructor(renews: boolean | undefined) {
    this.#renews = renews;
  }

  /** Something came: all is well. */
  isOver(hasCome: boolean): void {
    this.#isRenewed = false;
    this.#sinceMs = Date.now();
    // Where changes come, connections have got somewhere, however short they were.
    if (hasCome) this.#failures = 0;
  }

  /** How long to wait before going on; throws what can't be mended by waiting. */
  waitMs(error: TicketwireError): number {
    if (error.code === "time-over") return this.#pauseMs();
    if (error.code === "invalid-token" || error.code === "token-expired") return this.#renew(error);
    // Who connects and is cut off at once has not got far.
    if (this.#sinceMs && Date.now() - this.#sinceMs > SILENCE_MS) this.#failures = 0;
    this.#failures += 1;
    const ms = waitBefore(error.status, error.retryAfterMs, this.#failures, MAX_RETRIES);
    if (!error.retryable || ms === undefined) throw error;
    return ms;
  }

  #renew(error: TicketwireError): number {
    if (!this.#renews || this.#isRenewed) throw error;
    this.#isRenewed = true;
    return this.#pauseMs();
  }

  /** None, where the connection has lasted. */
  #pauseMs(): number {
    return Date.now() - this.#sinceMs < PAUSE_MS ? PAUSE_MS : 0;
  }
}

/** One connection: ends by itself when the conversation is deleted, else by an error that says why. */
async function* stream(
  { caller, stream, failure }: Source,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<Change | typeof CONNECTED> {
  const deadline = new Deadline(signal, SILENCE_MS);
  let frames: Frames | undefined;
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  try {
    const headers = { ...stream.headers, accept: "text/event-stream", "last-event-id": `${after}` };
    const response = await caller.open({ ...stream, headers }, 1, deadline.signal);
    if (!response.ok) {
      const { status, headers } = response;
      throw notStreamed(failure({ status, headers, text: await response.text() }));
    }
    // A page, say, from what stands where the relay should.
    if (!response.headers.get("content-type")?.startsWith("text/event-stream")) throw unexpected();
    reader = response.body?.getReader?.();
    if (!reader)
      throw new TicketwireError("not-streamed", 'answers come whole here: follow with mode: "poll"');
    yield CONNECTED;
    frames = use((core) => new core.Frames());
    for (;;) {
      deadline.extend(SILENCE_MS);
      const { done, value } = await orAborted(reader.read(), deadline.signal);
      // Whoever goes through what came may take their time.
      deadline.pause();
      if (done) throw new TicketwireError("network-failed", "the connection of the stream has ended");
      for (const frame of push(frames, value)) {
        if (frame.event !== "end") yield changeIn(frame);
        else if (endsForGood(frame)) return;
      }
    }
  } catch (cause) {
    throw deadline.failure(cause);
  } finally {
    deadline.end();
    reader?.cancel().catch(() => {});
    free(frames);
  }
}

/** Gives its memory back, unless its core has crashed and is gone with all of it. */
function free(frames: Frames | undefined): void {
  try {
    frames?.free();
  } catch {
    // Why is known by now.
  }
}

function push(frames: Frames, bytes: Uint8Array): Frame[] {
  const heard = use(() => frames.push(bytes));
  if (heard === undefined)
    throw new TicketwireError("frame-too-large", "the relay sends more at once than is taken here");
  return JSON.parse(heard) as Frame[];
}

function changeIn({ event, id, data }: Frame): Change {
  return read(data, (said: object) => {
    const change = event === "state" ? { type: event, ...said } : entryOf(said);
    return { ...change, lastId: Number(id) } as Change;
  });
}

/** Whether nothing comes any more; if something does, says so by an error. */
function endsForGood({ data }: Frame): boolean {
  const { code, detail } = read(data, (end: { code: string; detail: string }) => ({ ...end }));
  if (code === "conversation-deleted") return true;
  throw new TicketwireError(code === "interrupted" ? "network-failed" : code, detail);
}

/** Where a host, or its adapter, can't stream, asking again and again will do. */
function notStreamed(error: TicketwireError): TicketwireError {
  return error.code === "not-callable" ? new TicketwireError("not-streamed", error.message) : error;
}

async function* poll(
  { page }: Source,
  after: number,
  { pollMs = POLL_MS }: FollowOptions,
  signal: AbortSignal,
): AsyncGenerator<Change | typeof CONNECTED> {
  let isKnown = after > 0;
  for (;;) {
    const changes = await page(after, signal).catch((error: TicketwireError) => {
      // Nothing yet; or nothing any more.
      if (error.code === "no-such-conversation") return isKnown ? undefined : [];
      throw error;
    });
    if (!changes) return;
    isKnown ||= changes.length > 0;
    yield CONNECTED;
    for (const change of changes) {
      after = change.lastId;
      yield change;
    }
    if (changes.length === 0) await wait(pollMs, signal);
  }
}
