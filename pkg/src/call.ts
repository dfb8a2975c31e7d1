import { use } from "./core.js";
import { TicketwireError } from "./error.js";
import type { Call, CallOptions, CommonOptions, Fetch, Hooks } from "./options.js";
import { invalid, whole } from "./valid.js";

const TIMEOUT_MS = 10_000;
const MAX_RETRIES = 2;

/** What a hook is told. */
type Told<Name extends keyof Hooks> = Parameters<Exclude<Hooks[Name], undefined>>[0];

/** What is to be called. */
export interface Request {
  method: "GET" | "POST";
  url: string;
  /** Its name, without what is somebody's own. */
  route: string;
  headers: Record<string, string>;
  /** Where to get a token for the header `authorization`. */
  authorize?: (() => Promise<string>) | undefined;
  /** Whether that gives another, once the last is no longer taken. */
  renews?: boolean;
  body?: string;
}

/** What was answered. */
export interface Answer {
  status: number;
  headers: Headers;
  /** All of it; empty for a stream. */
  text: string;
  response: Response;
  attempts: number;
}

/** Ends when the caller's signal or a time-out does; `free` it, and nothing listens any more. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #abort = () => this.#controller.abort(this.#outer?.reason);
  #timer: ReturnType<typeof setTimeout> | undefined;
  isOver = false;

  constructor(outer: AbortSignal | undefined, ms: number) {
    this.#outer = outer;
    if (outer?.aborted) this.#abort();
    outer?.addEventListener("abort", this.#abort);
    this.extend(ms);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Begins the time-out anew. */
  extend(ms: number): void {
    this.pause();
    this.#timer = setTimeout(() => {
      this.isOver = true;
      this.#abort();
    }, ms);
  }

  /** Stops the clock. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  /** Why what was under way has failed. */
  failure(cause: unknown): TicketwireError {
    if (cause instanceof TicketwireError) return cause;
    if (this.#outer?.aborted) return aborted(this.#outer);
    if (this.isOver)
      return new TicketwireError("timed-out", "no answer came in time; it may have been taken", { cause });
    const message =
      "the connection failed: check the URL, the network, and whether this page's origin is allowed";
    return new TicketwireError("network-failed", message, { cause });
  }

  free(): void {
    this.pause();
    this.#outer?.removeEventListener("abort", this.#abort);
  }

  /** Ends what is under way. */
  end(): void {
    this.free();
    this.#abort();
  }
}

/** The error of a call that its caller has ended. */
export function aborted(signal: AbortSignal): TicketwireError {
  return new TicketwireError("aborted", "the call was ended by its signal", { cause: signal.reason });
}

/** Waits, unless the signal ends it. */
export function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(aborted(signal as AbortSignal));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", end);
      resolve();
    }, ms);
    if (signal?.aborted) end();
    else signal?.addEventListener("abort", end, { once: true });
  });
}

/** What comes of some work, or the reason of the signal, whichever is sooner: not all work listens. */
export function orAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const end = () => reject(signal.reason);
    if (signal.aborted) end();
    signal.addEventListener("abort", end);
    const done = () => signal.removeEventListener("abort", end);
    work.then(resolve, reject).then(done, done);
  });
}

/** How long to wait before the next try, in milliseconds, if there is to be one: the core says. */
export function waitBefore(
  status: number | undefined,
  retryAfterMs: number | undefined,
  attempt: number,
  maxRetries: number,
): number | undefined {
  const ms = use((core) => core.waitMs(status ?? 0, retryAfterMs ?? -1, attempt, maxRetries, Math.random()));
  return ms < 0 ? undefined : ms;
}

/** Makes calls, and tries again what may pass by itself: when, is for the core to say. */
export class Caller {
  readonly #options: CommonOptions;
  readonly #fetch: Fetch;

  constructor(options: CommonOptions) {
    this.#options = options;
    this.#limits({});
    const own = options.fetch ?? (globalThis.fetch as Fetch | undefined);
    if (own && typeof own !== "function") throw invalid("fetch", "a function");
    if (!own) throw new TicketwireError("no-fetch", "there is no fetch here: give one as the option `fetch`");
    // Browsers' own does not work as a method of something else.
    this.#fetch = async (url, init) => own(url, init);
  }

  /** Calls, and reads the whole answer. */
  async call(request: Request, options: CallOptions = {}): Promise<Answer> {
    const { timeoutMs, maxRetries } = this.#limits(options);
    let isRenewed = false;
    for (let attempt = 1; ; attempt += 1) {
      const tried = await this.#try(request, attempt, timeoutMs, options.signal);
      const answer = tried instanceof TicketwireError ? undefined : tried;
      if (tried instanceof TicketwireError && tried.code === "aborted") throw tried;
      if (answer?.status === 401 && request.renews && !isRenewed && tokenEnded(answer.text)) {
        isRenewed = true;
        continue;
      }
      const retryAfterMs = answer && retryAfter(answer.headers);
      const waitMs = waitBefore(answer?.status, retryAfterMs, attempt, maxRetries);
      if (waitMs === undefined) {
        if (tried instanceof TicketwireError) throw tried;
        return tried;
      }
      await this.pause(request, attempt, codeOf(tried), waitMs, options.signal);
    }
  }

  /** Says that it is tried again, and waits for that. */
  async pause(
    request: Request,
    attempt: number,
    code: string,
    waitMs: number,
    signal?: AbortSignal | undefined,
  ): Promise<void> {
    this.#tell("onRetry", { ...about(request, attempt), code, waitMs });
    await wait(waitMs, signal);
  }

  #limits(options: CallOptions) {
    const timeoutMs = options.timeoutMs ?? this.#options.timeoutMs ?? TIMEOUT_MS;
    const maxRetries = options.maxRetries ?? this.#options.maxRetries ?? MAX_RETRIES;
    return { timeoutMs: whole(timeoutMs, "timeoutMs", 1), maxRetries: whole(maxRetries, "maxRetries", 0) };
  }

  async #try(
    request: Request,
    attempt: number,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<Answer | TicketwireError> {
    const deadline = new Deadline(signal, timeoutMs);
    try {
      const response = await this.open(request, attempt, deadline.signal);
      const text = await orAborted(response.text(), deadline.signal);
      return { status: response.status, headers: response.headers, text, response, attempts: attempt };
    } catch (cause) {
      const failure = deadline.failure(cause);
      // What was answered, if anything, is not read to its end.
      deadline.end();
      if (failure === cause && !failure.retryable) throw failure;
      return failure;
    } finally {
      deadline.free();
    }
  }

  /** Begins a call, and hands over the answer before its body is read. */
  async open(request: Request, attempt: number, signal: AbortSignal): Promise<Response> {
    const headers = { ...request.headers };
    if (request.authorize) {
      headers["authorization"] = `Bearer ${await orAborted(request.authorize(), signal)}`;
    }
    const { method, body } = request;
    const call = about(request, attempt);
    this.#tell("onRequest", call);
    const startMs = Date.now();
    // A redirect would carry the credentials along.
    const init: RequestInit = { method, headers, signal, redirect: "manual" };
    if (body !== undefined) init.body = body;
    const response = await orAborted(this.#fetch(request.url, init), signal);
    this.#tell("onResponse", { ...call, status: response.status, durationMs: Date.now() - startMs });
    if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) {
      throw new TicketwireError(
        "redirected",
        "the answer is a redirect, which is not followed: give the URL it leads to",
      );
    }
    return response;
  }

  #tell<Name extends keyof Hooks>(name: Name, call: Told<Name>): void {
    const { logger, hooks } = this.#options;
    quietly(() => logger?.[name === "onRetry" ? "warn" : "debug"](`ticketwire: ${name}`, call));
    quietly(() => (hooks?.[name] as ((call: Told<Name>) => void) | undefined)?.(call));
  }
}

/** Has somebody look on, who must not bring down what they look at: neither now nor later. */
function quietly(look: () => unknown): void {
  try {
    Promise.resolve(look()).catch(() => {});
  } catch {
    // Theirs to know.
  }
}

function about({ method, route }: Request, attempt: number): Call {
  return { method, route, attempt };
}

function codeOf(tried: Answer | TicketwireError): string {
  return tried instanceof TicketwireError ? tried.code : `status-${tried.status}`;
}

/** Whether a new token may be taken where this one is not. */
function tokenEnded(text: string): boolean {
  return text.includes('"code":"invalid-token"');
}

/** What `Retry-After` asks for, in milliseconds. */
export function retryAfter(headers: Headers): number | undefined {
  const header = headers.get("retry-after");
  if (!header) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  // Engines read all kinds of things as a date.
  const ms = /GMT$/.test(header) ? Date.parse(header) - Date.now() : NaN;
  return isNaN(ms) ? undefined : Math.max(0, ms);
}
