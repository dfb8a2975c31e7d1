/** How to reach the agent through a relay, or straight. */
export type ClientOptions = RelayOptions | DirectOptions;

/** Through a relay, which holds the API key. */
export interface RelayOptions extends CommonOptions {
  /** The relay: `https://…`; http only for loopback. */
  baseURL: string;
  /**
   * A session token, or where to get one. A function is asked before each try, so let it keep what it has
   * until that ends; and once more where the relay no longer takes it. On a server, a relay key will do.
   */
  token: string | (() => string | Promise<string>);
  /** The relay holds it. */
  apiKey?: undefined;
}

/** Straight to the API, from a place that may hold its key: a server, or a trusted front end. */
export interface DirectOptions extends CommonOptions {
  /** The raw key of the custom CRM integration. */
  apiKey: string;
  /** The bot's id, from the address of its dashboard. */
  botId: string;
  /** Makes `apiKey` an organization-wide key (unverified for tickets). */
  organizationId?: string | undefined;
  /** Which of the vendor's hosts; `eu` unless said otherwise (`us` is unverified for tickets). */
  region?: "eu" | "us" | undefined;
  /** Another host, such as the emulator; instead of `region`. */
  baseURL?: string | undefined;
  /** Say so, where everybody who can open this page may have the key. Otherwise browsers are refused. */
  dangerouslyAllowBrowser?: boolean | undefined;
  /** Tokens are a relay's. */
  token?: undefined;
}

/** What both ways share. */
export interface CommonOptions {
  /** How often a call is tried again after the first time: 2 unless said otherwise. */
  maxRetries?: number | undefined;
  /** How long one try may take, in milliseconds: 10,000 unless said otherwise. */
  timeoutMs?: number | undefined;
  /** What sends: the platform's own `fetch` unless said otherwise. */
  fetch?: Fetch | undefined;
  /** Called before each try, after each answer, and before each wait. What they throw is ignored. */
  hooks?: Hooks | undefined;
  /** Where to tell what happens; nowhere unless said. Never a token, a key, or what a customer wrote. */
  logger?: Logger | undefined;
}

/** Any function that is called as `fetch` is. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What happens to a call. */
export interface Hooks {
  /** Before each try. */
  onRequest?: ((call: Call) => void) | undefined;
  /** After each answer, however it is; `durationMs` until its headers came. */
  onResponse?: ((call: Call & { status: number; durationMs: number }) => void) | undefined;
  /** Before each wait for the next try, or the next connection of a stream: why, by an error's code or `status-503`, and how long. */
  onRetry?: ((call: Call & { code: string; waitMs: number }) => void) | undefined;
}

/** A try of a call: nothing secret, nothing that a customer wrote. */
export interface Call {
  /** Its method, in capitals. */
  method: string;
  /** What it is for: `send`, `event`, `conversation` or `follow`. */
  route: string;
  /** 1 for the first try. */
  attempt: number;
}

/** As `console` is. */
export interface Logger {
  /** What goes on. */
  debug(message: string, details: object): void;
  /** What is tried again. */
  warn(message: string, details: object): void;
}

/** What can be said for one call. */
export interface CallOptions {
  /** Ends the call, whatever it waits for. */
  signal?: AbortSignal | undefined;
  /** Instead of the client's own. */
  maxRetries?: number | undefined;
  /** Instead of the client's own. */
  timeoutMs?: number | undefined;
}

/** What can be said for one event. */
export interface SendOptions extends CallOptions {
  /**
   * The same key and event mean the same event, for a day. One is drawn for each call of `send`, and kept
   * for its retries; give your own where you call `send` again yourself. Has no effect without a relay.
   */
  idempotencyKey?: string | undefined;
  /** Answer once the event is on the relay's disk, without waiting for the API. */
  respondAsync?: boolean | undefined;
  /** Another bot than the relay's or the token's own. */
  botId?: string | undefined;
}

/** What can be said to follow a conversation. */
export interface FollowOptions {
  /** Only what is behind this: `seq` of a reply, `lastId` of a change. From the beginning unless said. */
  after?: number | undefined;
  /** Ends it; so does leaving the loop. */
  signal?: AbortSignal | undefined;
  /**
   * `stream` keeps a connection open; `poll` asks every `pollMs`, where answers come whole or not at all.
   * `auto` streams, and polls where the answer can't be read as a stream.
   */
  mode?: "auto" | "stream" | "poll" | undefined;
  /** How long to wait between two questions, in milliseconds: 2,000 unless said otherwise. */
  pollMs?: number | undefined;
  /** Another bot than the relay's or the token's own. */
  botId?: string | undefined;
}

/** Which page of a conversation. */
export interface PageOptions extends CallOptions {
  /** Only what is behind this `seq`. */
  after?: number | undefined;
  /** At most this many: 100 unless said otherwise, 500 at most. */
  limit?: number | undefined;
  /** Another bot than the relay's or the token's own. */
  botId?: string | undefined;
}

/** Which page of a list. */
export interface ListOptions extends CallOptions {
  /** Only what is behind this: `nextAfter` of the page before. */
  after?: number | undefined;
  /** At most this many: 100 unless said otherwise, 500 at most. */
  limit?: number | undefined;
}

/** Of which time. */
export interface StatsOptions extends CallOptions {
  /** How many minutes back: 60 unless said otherwise, at most 1440. */
  minutes?: number | undefined;
}
