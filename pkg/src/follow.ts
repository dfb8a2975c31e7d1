import type { Frames } from "#glue";
import { type Answer, type Caller, Deadline, type Request, wait, waitBefore } from "./call.js";
import { use } from "./core.js";
import { TicketwireError } from "./error.js";
import type { FollowOptions } from "./options.js";
import type { Change, Entry } from "./types.js";

/** A relay says something every 15 seconds: who is silent for longer is gone. */
const SILENCE_MS = 45_000;

const POLL_MS = 2_000;

/** How many connections in a row may fail: about a minute. */
const MAX_RETRIES = 10;

/** What is needed to follow a conversation. */
export interface Source {
  caller: Caller;
  /** The call that opens the stream. */
  stream: Request;
  /** What is behind a number, asked for once. */
  page: (after: number) => Promise<Change[]>;
  failure: (answer: Pick<Answer, "status" | "headers" | "text">) => TicketwireError;
}

interface Frame {
  event: string;
  id: string;
  data: string;
}

/** An entry as the relay writes it. */
export function entryOf(entry: object): Entry {
  return { type: "reply" in entry ? "reply" : "event", ...(entry as object) } as Entry;
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
  const left = new AbortController();
  const leave = () => left.abort();
  const { signal } = options;
  signal?.addEventListener("abort", leave);
  if (signal?.aborted) leave();
  const free = () => signal?.removeEventListener("abort", leave);
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
  let failures = 0;
  let isAgain = false;
  for (;;) {
    try {
      const turn =
        mode === "poll" ? poll(source, after, options, signal) : stream(source, after, isAgain, signal);
      for await (const change of turn) {
        if (change === "connected") {
          failures = 0;
          isAgain = false;
          continue;
        }
        after = change.lastId;
        yield change;
      }
      return;
    } catch (error) {
      if (signal.aborted || !(error instanceof TicketwireError)) throw error;
      if (error.code === "not-streamed" && mode === "auto") mode = "poll";
      else if ((error.code === "invalid-token" || error.code === "token-expired") && !isAgain) isAgain = true;
      else if (error.code !== "reconnect") {
        failures += 1;
        const waitMs = waitBefore(error.status, error.retryAfterMs, failures, MAX_RETRIES);
        if (!error.retryable || waitMs === undefined) throw error;
        await wait(waitMs, signal);
      }
    }
  }
}

/** One connection: ends by itself when the conversation is deleted, else by an error that says why. */
async function* stream(
  { caller, stream, failure }: Source,
  after: number,
  isAgain: boolean,
  signal: AbortSignal,
): AsyncGenerator<Change | "connected"> {
  const deadline = new Deadline(signal, SILENCE_MS);
  let frames: Frames | undefined;
  try {
    const headers = { ...stream.headers, accept: "text/event-stream", "last-event-id": `${after}` };
    const response = await caller.open({ ...stream, headers }, 1, isAgain, deadline.signal);
    if (!response.ok) {
      const { status, headers } = response;
      throw notStreamed(failure({ status, headers, text: await response.text() }));
    }
    const reader = response.body?.getReader?.();
    if (!reader)
      throw new TicketwireError("not-streamed", 'answers come whole here: follow with mode: "poll"');
    yield "connected";
    frames = use((core) => new core.Frames());
    for (;;) {
      deadline.extend(SILENCE_MS);
      const { done, value } = await reader.read();
      if (done) throw new TicketwireError("reconnect", "the stream has ended");
      for (const frame of push(frames, value)) {
        if (frame.event !== "end") yield changeIn(frame);
        else if (endsForGood(frame)) return;
      }
    }
  } catch (cause) {
    throw deadline.failure(cause);
  } finally {
    deadline.end();
    frames?.free();
  }
}

function push(frames: Frames, bytes: Uint8Array): Frame[] {
  const heard = use(() => frames.push(bytes));
  if (heard === undefined)
    throw new TicketwireError("frame-too-large", "the relay sends more at once than is taken here");
  return JSON.parse(heard) as Frame[];
}

function changeIn({ event, id, data }: Frame): Change {
  const said = JSON.parse(data) as object;
  const change = event === "state" ? { type: event, ...said } : entryOf(said);
  return { ...change, lastId: Number(id) } as Change;
}

/** Whether nothing comes any more; if something does, says so by an error. */
function endsForGood({ data }: Frame): boolean {
  const { code, detail } = JSON.parse(data) as { code: string; detail: string };
  if (code === "conversation-deleted") return true;
  const isPassing = code === "time-over" || code === "interrupted";
  throw new TicketwireError(isPassing ? "reconnect" : code, detail);
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
): AsyncGenerator<Change | "connected"> {
  for (;;) {
    const changes = await page(after);
    yield "connected";
    for (const change of changes) {
      after = change.lastId;
      yield change;
    }
    if (changes.length === 0) await wait(pollMs, signal);
  }
}
