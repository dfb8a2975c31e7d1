/** A ticket event, as the API takes it. */
export interface TicketEvent {
  /** Names the conversation; chosen by the CRM, the same for every event of a ticket. At most 256 bytes. */
  platformConversationId: string;
  /** What the ticket says. May be left out: an event may carry variables alone. At most 512 KiB. */
  text?: string | undefined;
  /** The sending platform; `PUBLIC_API` unless said otherwise, which is what a custom CRM sends. */
  platform?: string | undefined;
  /** Variables for the agent's session. At most 100. */
  metaData?: readonly Variable[] | undefined;
}

/** A {@link TicketEvent} that has passed the check: the platform is filled in. */
export interface CheckedEvent extends TicketEvent {
  platform: string;
  metaData?: Variable[];
}

/** A variable for the agent's session. */
export interface Variable {
  /** Its name. At most 256 bytes. */
  key: string;
  /** Its value: the API takes only strings. At most 16 KiB. */
  value: string;
  /** Whether the value is personal data, to be kept out of every transcript. */
  sanitize?: boolean | undefined;
}

/** One thing to mend. Issues block; what the relay answers and what is checked here is the same. */
export interface Issue {
  /** What is wrong, by a name that stays the same from release to release. */
  code: IssueCode;
  /** Where: a JSON pointer (RFC 6901) into what was checked; empty for the whole. */
  pointer: string;
  /** The same place, step by step, as Standard Schema has it. */
  path: (string | number)[];
  /** What was expected, and how to mend it. Never what somebody wrote. */
  message: string;
}

/** The codes of {@link Issue}. */
export type IssueCode =
  | "body-too-large"
  | "no-body"
  | "not-utf8"
  | "not-json"
  | "lone-surrogate"
  | "wrong-type"
  | "map-instead-of-list"
  | "missing-member"
  | "unknown-member"
  | "duplicate-member"
  | "empty"
  | "too-long"
  | "too-many-variables"
  | "nul-character"
  | "control-character"
  | "not-header-safe"
  | "unexpected-value"
  | "too-deep";

/** Something that is allowed and yet probably not meant. Warnings never block. */
export interface Warning extends Omit<Issue, "code"> {
  /** What is probably not meant, by a name that stays the same from release to release. */
  code: WarningCode;
}

/** The codes of {@link Warning}. */
export type WarningCode =
  "reserved-name" | "repeated-key" | "personal-data" | "unusual-platform" | "unusual-bot-id";

/** What a check says: the event that may be sent, or what is wrong with it. */
export type CheckResult<Value> =
  | {
      /** What may be sent, or shown. */
      value: Value;
      /** Nothing is to be mended. */
      issues?: undefined;
      /** What is allowed and probably not meant. */
      warnings: Warning[];
    }
  | {
      /** There is none. */
      value?: undefined;
      /** Each thing to mend: at most 100. */
      issues: Issue[];
      /** How many more issues there are than are listed. */
      omitted: number;
      /** What is allowed and probably not meant. */
      warnings: Warning[];
    };

/** What the agent answers. */
export interface AgentReply {
  /** The conversation, by the name that the CRM gave it. */
  platformConversationId: string;
  /** The bot that answers. */
  botId?: string;
  /** The agent platform's own id of the conversation; opaque. */
  conversationId?: string;
  /** What the agent says. */
  text?: string;
  /** What the agent took the event for. */
  predictedIntents: Intent[];
  /** What is attached. */
  attachments: Attachment[];
  /** Members that are not ours, or not of the shape that we know, as they came. */
  extra: Record<string, unknown>;
}

/** An intent that the agent predicted. */
export interface Intent {
  /** The intent's id. */
  value: string;
  /** The intent's name. */
  name: string;
  /** How sure the agent is, from 0 to 1. */
  confidence: number;
  [other: string]: unknown;
}

/** An attachment of a reply. */
export interface Attachment {
  /** Opaque. No download is documented: show it, never fetch it. */
  path: string;
  [other: string]: unknown;
}

/** A reply, and its place in the conversation. */
export interface Reply extends AgentReply {
  /** Counts up within the conversation. */
  seq: number;
  /** When the relay took it, in milliseconds since 1970. */
  atMs: number;
  /** The `seq` of the earlier reply whose very bytes came again. */
  repeatOf?: number;
}

/** An entry of a transcript: an event, without values marked `sanitize`, or a reply. */
export type Entry = SentEvent | ReceivedReply;

/** An event in a transcript. */
export interface SentEvent {
  /** Tells it from a reply. */
  type: "event";
  /** Its place: counts up within the conversation. */
  seq: number;
  /** When the relay took it, in milliseconds since 1970. */
  atMs: number;
  /** Where to ask where it stands. */
  id?: string;
  /** What was sent, without values marked `sanitize`. */
  event: KeptEvent;
  /** Where it stood when this was written. */
  state?: DeliveryState;
}

/** An event as it is kept: without the values of what is marked `sanitize`. */
export interface KeptEvent {
  /** What the ticket says. */
  text?: string;
  /** The sending platform. */
  platform: string;
  /** Variables for the agent's session. */
  metaData?: KeptVariable[];
}

/** A variable as it is kept. */
export interface KeptVariable {
  /** Its name. */
  key: string;
  /** Its value, unless that is personal data. */
  value?: string;
  /** Whether the value is personal data. */
  sanitize?: boolean;
}

/** A reply in a transcript. */
export interface ReceivedReply {
  /** Tells it from an event. */
  type: "reply";
  /** Its place: counts up within the conversation. */
  seq: number;
  /** When the relay took it, in milliseconds since 1970. */
  atMs: number;
  /** The relay's name for it, where it sends replies on. */
  id?: string;
  /** What the agent says. */
  reply: AgentReply;
  /** The `seq` of the earlier reply whose very bytes came again. */
  repeatOf?: number;
}

/** How an event stands on its way to the agent. */
export type DeliveryState = "pending" | "sending" | "delivered" | "parked";

/** Where an event stands, and why. Times are in milliseconds since 1970. */
export interface Delivery {
  /** The relay's name for it. */
  id: string;
  /** Whether it goes to the agent, or on to the CRM. */
  kind: "event" | "reply";
  /** The bot that it is for, or from. */
  botId: string;
  /** Its conversation. */
  platformConversationId: string;
  /** Where it stands. */
  state: DeliveryState;
  /** When the relay took it. */
  acceptedMs: number;
  /** How often the relay has tried. */
  tries: number;
  /** When it tries again, while it waits. */
  nextTryMs?: number;
  /** When the other side had it. */
  deliveredMs?: number;
  /** When it was given up. */
  parkedMs?: number;
  /** How the last try failed. */
  lastTry?: FailedTry;
}

/** A page of a list of what has not been delivered. */
export interface Deliveries {
  /** Where each of them stands. */
  events: ListedDelivery[];
  /** How many there are in all. */
  total: number;
  /** How many are behind this page. */
  more: number;
  /** Where the next page begins, if there is one. */
  nextAfter?: number;
}

/** A delivery in a list. */
export interface ListedDelivery extends Delivery {
  /** How many wait in its conversation, itself included, as of its last try. */
  waiting?: number;
}

/** Whether a relay can send events. All but `ready` is told to who holds a key. */
export interface Readiness {
  /** Whether it can. */
  ready: boolean;
  /** The settings that are missing or wrong, and what to do about each. */
  settings?: Gap[];
  /** How many events are held up. */
  waiting?: number;
  /** How many events could not be delivered. */
  parked?: number;
  /** There while the API refuses the relay's credentials. */
  apiCredentials?: RefusedCredentials;
}

/** A setting of a relay that is missing or wrong. */
export interface Gap {
  /** Its name. */
  setting: string;
  /** What to do about it. */
  detail: string;
}

/** That the API refuses a relay's credentials. */
export interface RefusedCredentials {
  /** Why, by a name that stays the same from release to release. */
  code: string;
  /** The status that the API answered. */
  apiStatus: number;
  /** Since when, in milliseconds since 1970. */
  sinceMs: number;
  /** What to do about it. */
  detail: string;
}

/** What a relay has counted. What it had not written down when it was stopped is missing. */
export interface Stats {
  /** How long a step is, in milliseconds. */
  stepMs: number;
  /** The relay's time, in milliseconds since 1970. */
  nowMs: number;
  /** The minutes in which something happened, the oldest first. */
  minutes: StatsMinute[];
}

/** What a relay has counted in a minute. */
export interface StatsMinute {
  /** When it began, in milliseconds since 1970. */
  atMs: number;
  /** Events that were taken. */
  accepted: number;
  /** Events that the API acknowledged. */
  delivered: number;
  /** Events that were given up. */
  parked: number;
  /** Replies that came. */
  replies: number;
  /** How tries ended: `ok`, or why not, and how often. */
  tries: Record<string, number>;
  /** How long events took from when they were taken: how many at most so many milliseconds. */
  latencyMs: Bucket[];
  /** How many tries events took, and how many took so many. */
  attempts: Record<string, number>;
}

/** How many were at most so large, and larger than the bound before. */
export interface Bucket {
  /** The bound; null beyond all. */
  le: number | null;
  /** How many. */
  count: number;
}

/** How a try of the relay failed. */
export interface FailedTry {
  /** Why, by a name that stays the same from release to release, such as `api-failed`. */
  code: string;
  /** The status that the API answered. */
  apiStatus?: number;
  /** The status that the CRM answered. */
  onwardStatus?: number;
  /** What to do about it. */
  detail?: string;
}

/** That an event stands elsewhere than before. */
export interface StateChange extends Delivery {
  /** Tells it from events and replies. */
  type: "state";
}

/** A change in a conversation, as it happens. */
export type Change = (Entry | StateChange) & {
  /** Where a reader who has this goes on: `after` of the next. */
  lastId: number;
};

/** A page of a conversation. */
export interface Conversation {
  /** Its name. */
  platformConversationId: string;
  /** What was said, in the order in which it was stored. */
  entries: Entry[];
  /** Where the next page begins, if there is one. */
  nextAfter?: number;
}

/** What became of an event that was sent. */
export interface Receipt {
  /** `delivered`: the API has it. `pending`: it is on the relay's disk, and will be sent. */
  state: "delivered" | "pending";
  /** The event's id at the relay; ask {@link TicketClient.event} where it stands. */
  id?: string;
  /** The key under which it was sent: the same key and event mean the same event, for a day. */
  idempotencyKey: string;
  /** Whether the relay had it before. */
  replayed: boolean;
  /** How often it was tried from here. */
  tries: number;
  /** What is probably not meant. */
  warnings: Warning[];
}
