import schema from "#event-schema";
import { use } from "./core.js";
import { describe, type Read } from "./describe.js";
import { outcome, valueOf } from "./outcome.js";
import type { CheckedEvent, CheckResult, TicketEvent, Variable } from "./types.js";
import { bytesOf, decode, encode } from "./utf8.js";
import { invalid } from "./valid.js";

function check(value: unknown): CheckResult<CheckedEvent> {
  const { bytes, read } = describe(value);
  return outcome(
    use((core) => core.checkEvent(bytes, true)),
    ({ platform }) => eventOf(read as Read, platform),
  );
}

function checkJson(json: string | Uint8Array): CheckResult<CheckedEvent> {
  const checked = checkBytes(json);
  if (checked.issues) return checked;
  return { value: eventOf(JSON.parse(decode(checked.value)) as Read), warnings: checked.warnings };
}

function checkBytes(json: string | Uint8Array): CheckResult<Uint8Array> {
  const bytes = bytesOf(json);
  return outcome(
    use((core) => core.checkEvent(bytes, false)),
    ({ platform }) => (platform ? filledIn(bytes, platform) : bytes),
  );
}

/** The same object, with a platform before all else. */
function filledIn(bytes: Uint8Array, platform: string): Uint8Array {
  const start = bytes.indexOf(0x7b) + 1;
  const member = encode(`"platform":${JSON.stringify(platform)},`);
  const filled = new Uint8Array(bytes.length + member.length);
  filled.set(bytes);
  filled.set(member, start);
  filled.set(bytes.subarray(start), start + member.length);
  return filled;
}

/** The event of what has passed the check, which is its caller's own. */
function eventOf({ platformConversationId, text, platform, metaData }: Read, missing?: string): CheckedEvent {
  const event = { platformConversationId } as CheckedEvent;
  if (text !== undefined) event.text = text as string;
  event.platform = (platform ?? missing) as string;
  const variables = metaData as Variable[] | undefined;
  if (variables?.length) event.metaData = variables.map(variableOf);
  return event;
}

function variableOf({ key, value, sanitize }: Variable): Variable {
  return sanitize === undefined ? { key, value } : { key, value, sanitize };
}

function parse(value: unknown): CheckedEvent {
  return valueOf(check(value), "invalid-event", "event");
}

/** Puts an event together; see {@link ticketEvent.build}. */
export class EventBuilder {
  readonly #event: TicketEvent & { metaData: Variable[] };

  constructor(platformConversationId: string) {
    this.#event = { platformConversationId, metaData: [] };
  }

  /** What the ticket says. */
  text(text: string): this {
    this.#event.text = text;
    return this;
  }

  /** A variable for the agent's session. */
  variable(key: string, value: string): this {
    this.#event.metaData.push({ key, value });
    return this;
  }

  /** A variable that is personal data: sent with `sanitize`, kept out of every transcript. */
  personal(key: string, value: string): this {
    this.#event.metaData.push({ key, value, sanitize: true });
    return this;
  }

  /** The sending platform, where it is not a custom CRM. */
  platform(platform: string): this {
    this.#event.platform = platform;
    return this;
  }

  /** The checked event. Throws `invalid-event`, with every issue. */
  build(): CheckedEvent {
    return parse(this.#event);
  }
}

/** Which dialect of JSON Schema: `draft-2020-12` unless said otherwise, or `draft-07`. Others are refused. */
export interface JsonSchemaOptions {
  /** Its name. */
  readonly target?: string | undefined;
}

/** The schema says the same in both. */
const DIALECTS: Record<string, string> = {
  "draft-2020-12": "https://json-schema.org/draft/2020-12/schema",
  "draft-07": "http://json-schema.org/draft-07/schema#",
};

/** Each time another, which is its caller's own. */
function jsonSchema({ target = "draft-2020-12" }: JsonSchemaOptions = {}): Record<string, unknown> {
  const $schema = DIALECTS[target];
  if (!$schema) throw invalid("target", Object.keys(DIALECTS).join(" or "));
  return JSON.parse(JSON.stringify({ ...schema, $schema })) as Record<string, unknown>;
}

/** What a Standard Schema, version 1, says of itself. */
export interface StandardEvent {
  /** The version of Standard Schema. */
  readonly version: 1;
  /** Whose schema it is. */
  readonly vendor: "ticketwire";
  /** The check, as {@link ticketEvent} has it. */
  readonly validate: (value: unknown) => CheckResult<CheckedEvent>;
  /** The JSON Schema, which is the same for both. */
  readonly jsonSchema: {
    /** Of what goes in. */
    readonly input: (options?: JsonSchemaOptions) => Record<string, unknown>;
    /** Of what comes out. */
    readonly output: (options?: JsonSchemaOptions) => Record<string, unknown>;
  };
  /** For the compiler alone, never there. */
  readonly types?:
    | {
        /** What may go in. */
        readonly input: TicketEvent;
        /** What comes out. */
        readonly output: CheckedEvent;
      }
    | undefined;
}

const standard: StandardEvent = {
  version: 1,
  vendor: "ticketwire",
  validate: check,
  jsonSchema: { input: jsonSchema, output: jsonSchema },
};

/**
 * Ticket events: checked by the core that the relay checks with, code for code.
 *
 * ```ts
 * const { value, issues, warnings } = ticketEvent.check(form);
 * ```
 *
 * It is a [Standard Schema](https://standardschema.dev), so forms, tRPC and Hono take it as it is.
 */
export const ticketEvent = {
  /** Checks any value as an event. Never throws, whatever the value does. */
  check,

  /** Checks an event in JSON, as text or as bytes. */
  checkJson,

  /**
   * Checks an event in JSON that is passed on: the value is the bytes that may be sent, which are the very ones
   * that were given unless something had to be filled in.
   *
   * ```ts
   * const { value, issues } = ticketEvent.checkBytes(body);
   * ```
   */
  checkBytes,

  /** The checked event. Throws `invalid-event`, with every issue. */
  parse,

  /**
   * Puts an event together.
   *
   * ```ts
   * const event = ticketEvent.build("case-4711").text("Where is my parcel?").personal("email", mail).build();
   * ```
   */
  build: (platformConversationId: string): EventBuilder => new EventBuilder(platformConversationId),

  /** The JSON Schema of an event, draft 2020-12. */
  jsonSchema: schema,

  /** What makes it a Standard Schema. */
  "~standard": standard,
};
