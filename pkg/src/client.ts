import { type Answer, Caller, retryAfter } from "./call.js";
import { TicketwireError } from "./error.js";
import { ticketEvent } from "./event.js";
import { changeOf, entryOf, follow } from "./follow.js";
import type {
  CallOptions,
  ClientOptions,
  FollowOptions,
  ListOptions,
  PageOptions,
  SendOptions,
  StatsOptions,
} from "./options.js";
import { findings, read, unexpected, valueOf } from "./outcome.js";
import { type Route, routeOf } from "./route.js";
import type {
  Change,
  Conversation,
  Deliveries,
  Delivery,
  Issue,
  Readiness,
  Receipt,
  Reply,
  Stats,
  TicketEvent,
  Warning,
} from "./types.js";
import { headerSafe, invalid } from "./valid.js";

/** What is sent, and a way to see the answer that it got. */
export interface Sending extends Promise<Receipt> {
  /** The receipt, and the answer itself. */
  withResponse(): Promise<Sent>;
}

/** A receipt, and the answer that it was read from. */
export interface Sent {
  /** The receipt. */
  data: Receipt;
  /** The last answer. */
  response: PlainResponse;
}

/** What can be told of an answer whose body has been read. */
export interface PlainResponse {
  /** Its status. */
  status: number;
  /** Its headers, by their names in small letters. */
  headers: Record<string, string>;
}

/**
 * Sends ticket events to the agent, and brings its replies.
 *
 * ```ts
 * const client = new TicketClient({ baseURL: "https://relay.example.com", token: () => sessionToken() });
 * const receipt = await client.send({ platformConversationId: "case-4711", text: "Where is my parcel?" });
 * for await (const reply of client.replies("case-4711")) show(reply.text);
 * ```
 */
export class TicketClient {
  readonly #route: Route;
  readonly #caller: Caller;

  /** Throws `invalid-options`, `browser-key-refused` or `no-fetch`. */
  constructor(options: ClientOptions) {
    this.#route = routeOf(options ?? {});
    this.#caller = new Caller(options);
  }

  /**
   * Checks an event and sends it. Rejects with `invalid-event` before anything is sent, where it is not
   * valid; with `aborted`, `timed-out` or `network-failed`; and with the relay's or the API's own codes.
   */
  send(event: TicketEvent, options: SendOptions = {}): Sending {
    const answered = this.#send(event, options);
    const receipt = answered.then(({ data }) => data) as Sending;
    receipt.withResponse = () => {
      // Who asks for the answer need not look at the receipt as well.
      receipt.catch(() => {});
      return answered;
    };
    return receipt;
  }

  async #send(event: TicketEvent, options: SendOptions): Promise<Sent> {
    const checked = ticketEvent.check(event);
    const body = JSON.stringify(valueOf(checked, "invalid-event", "event"));
    const request = this.#route.request("send", "/converse/ticket", body);
    const idempotencyKey = headerSafe(options.idempotencyKey ?? newKey(), "idempotencyKey");
    const { respondAsync, botId } = options;
    if (this.#route.isRelay) {
      request.headers["idempotency-key"] = idempotencyKey;
      if (respondAsync) request.headers["prefer"] = "respond-async";
    }
    if (botId !== undefined) request.headers["botid"] = headerSafe(botId, "botId");
    const answer = this.#good(await this.#caller.call(request, options));
    // Who answers everything with 200 has given no receipt: the event would be lost.
    if (this.#route.isRelay && !isReceipt(answer)) throw unexpected();
    return { data: receiptOf(answer, idempotencyKey, checked.warnings), response: responseOf(answer) };
  }

  /**
   * The agent's replies, one after the other, as they come. Goes on after a lost connection without gap or
   * repeat; ends when the conversation is deleted, the signal says so, or the loop is left.
   */
  replies(conversationId: string, options: FollowOptions = {}): AsyncIterableIterator<Reply> {
    return this.#follow(conversationId, options, (change) =>
      change.type === "reply" ? { ...change.reply, ...placeOf(change) } : undefined,
    );
  }

  /** Everything that happens in a conversation: events, replies, and where events stand. */
  changes(conversationId: string, options: FollowOptions = {}): AsyncIterableIterator<Change> {
    return this.#follow(conversationId, options, (change) => change);
  }

  #follow<Item>(
    conversationId: string,
    options: FollowOptions,
    pick: (change: Change) => Item | undefined,
  ): AsyncIterableIterator<Item> {
    const stream = this.#request("follow", conversationId, "/stream", options);
    const page = async (after: number, signal: AbortSignal) => {
      const { entries } = await this.#page(conversationId, { after, signal, botId: options.botId });
      return entries.map(changeOf);
    };
    return follow(
      { caller: this.#caller, stream, page, failure: (answer) => this.#failure(answer) },
      options,
      pick,
    );
  }

  /** A page of a conversation: events, without values marked `sanitize`, and replies. */
  conversation(conversationId: string, options: PageOptions = {}): Promise<Conversation> {
    return this.#page(conversationId, options);
  }

  async #page(conversationId: string, options: PageOptions): Promise<Conversation> {
    const { after = 0, limit = 100 } = options;
    const query = `?after=${after}&limit=${limit}`;
    const request = this.#request("conversation", conversationId, query, options);
    const answer = this.#good(await this.#caller.call(request, options));
    return read(answer.text, (page: Conversation) => ({ ...page, entries: page.entries.map(entryOf) }));
  }

  /** Where an event stands, by the `id` of its receipt. */
  async event(id: string, options: CallOptions = {}): Promise<Delivery> {
    return this.#ask("event", `/events/${segment(id)}`, "state", options);
  }

  /** What is held up, across conversations, the longest waiting first. For who holds a key of the relay. */
  waiting(options: ListOptions = {}): Promise<Deliveries> {
    return this.#list("waiting", options);
  }

  /** What could not be delivered, across conversations, the longest parked first. Likewise. */
  parked(options: ListOptions = {}): Promise<Deliveries> {
    return this.#list("parked", options);
  }

  /** Sends once more what is parked, and answers where it then stands. Likewise. */
  async replay(id: string, options: CallOptions = {}): Promise<Delivery> {
    // Once it is on its way, a second call would find it parked no more.
    return this.#ask(
      "replay",
      `/events/${segment(id)}/replay`,
      "state",
      { maxRetries: 0, ...options },
      "POST",
    );
  }

  /** Whether events can be sent, and what to mend if not. Who holds no key learns the first alone. */
  ready(options: CallOptions = {}): Promise<Readiness> {
    // An answer of 503 is what was asked for.
    return this.#ask("ready", "/ready", "ready", { maxRetries: 0, ...options }, "GET", (answer) => answer);
  }

  /** What the relay has counted in the last minutes: 60 unless said otherwise, at most 1440. */
  stats({ minutes = 60, ...options }: StatsOptions = {}): Promise<Stats> {
    return this.#ask("stats", `/stats?minutes=${minutes}`, "minutes", options);
  }

  #list(name: string, { after = 0, limit = 100, ...options }: ListOptions): Promise<Deliveries> {
    return this.#ask(name, `/${name}?after=${after}&limit=${limit}`, "events", options);
  }

  /** What a route answers in JSON, in which this member always stands. */
  async #ask<Answered extends object>(
    name: string,
    path: string,
    member: string,
    options: CallOptions,
    method: "GET" | "POST" = "GET",
    good = (answer: Answer) => this.#good(answer),
  ): Promise<Answered> {
    this.#needRelay();
    const request = { ...this.#route.request(name, path), method };
    const answer = good(await this.#caller.call(request, options));
    return read(answer.text, (said: Answered) => {
      if (!(member in said)) throw unexpected();
      return said;
    });
  }

  #request(route: string, conversationId: string, rest: string, { botId }: { botId?: string | undefined }) {
    this.#needRelay();
    const request = this.#route.request(route, `/conversations/${segment(conversationId)}${rest}`);
    if (botId !== undefined) request.headers["botid"] = headerSafe(botId, "botId");
    return request;
  }

  #needRelay(): void {
    if (this.#route.isRelay) return;
    throw new TicketwireError(
      "invalid-options",
      "this needs a relay: the API itself answers by webhook alone",
    );
  }

  #good(answer: Answer): Answer {
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw this.#failure(answer);
  }

  /** What an answer says that is no success: a relay's problem, or a bare status. */
  #failure({ status, headers, text }: Pick<Answer, "status" | "headers" | "text">): TicketwireError {
    const problem = problemOf(text);
    const code = problem?.code ?? this.#route.codeOf(status);
    const said = problem ? `${problem.title}: ${problem.detail}` : `the answer has status ${status}`;
    return new TicketwireError(code, said, {
      status,
      issues: problem?.errors && (findings(problem.errors) as Issue[]),
      warnings: problem?.warnings && (findings(problem.warnings) as Warning[]),
      retryAfterMs: retryAfter(headers),
      requestId: headers.get("x-request-id") ?? undefined,
    });
  }
}

interface Problem {
  type: string;
  code: string;
  title: string;
  detail: string;
  errors?: { code: string; pointer: string; detail: string }[];
  warnings?: { code: string; pointer: string; detail: string }[];
}

/** A relay's own: whatever else stands between may have codes of its own, that mean something else. */
function problemOf(text: string): Problem | undefined {
  try {
    const problem = JSON.parse(text) as Problem;
    return problem.type === `urn:ticketwire:problem:${problem.code}` ? problem : undefined;
  } catch {
    return undefined;
  }
}

/** A relay names what it keeps; where it keeps nothing, it names the request. */
function isReceipt({ headers, status, text }: Answer): boolean {
  return status === 202
    ? headers.has("ticketwire-event")
    : status === 200 && text === "" && headers.has("x-request-id");
}

function receiptOf(answer: Answer, idempotencyKey: string, warnings: Warning[]): Receipt {
  const { headers, status, attempts } = answer;
  const id = headers.get("ticketwire-event");
  return {
    state: status === 202 ? "pending" : "delivered",
    ...(id && { id }),
    idempotencyKey,
    replayed: headers.get("idempotency-replayed") === "true",
    tries: attempts,
    warnings,
  };
}

function responseOf({ status, headers }: Answer): PlainResponse {
  const all: Record<string, string> = {};
  headers.forEach((value, name) => (all[name] = value));
  return { status, headers: all };
}

function placeOf({ seq, atMs, repeatOf }: { seq: number; atMs: number; repeatOf?: number }) {
  return { seq, atMs, ...(repeatOf !== undefined && { repeatOf }) };
}

/** An id as it stands in a path. */
function segment(id: string): string {
  // No URL could hold these.
  if (typeof id !== "string" || /^\.{0,2}$/.test(id))
    throw invalid("id", "a text, and not one of dots alone");
  try {
    return encodeURIComponent(id);
  } catch (cause) {
    throw new TicketwireError("invalid-options", "the id holds half of a surrogate pair", { cause });
  }
}

/** A key that nobody else has. */
function newKey(): string {
  if (typeof crypto === "object" && crypto.randomUUID) return crypto.randomUUID();
  const words = Array.from({ length: 4 }, () => Math.random().toString(36).slice(2));
  return `${Date.now().toString(36)}-${words.join("")}`;
}
