import schema from "#event-schema";
import { use } from "./core.js";
import { describe } from "./describe.js";
import { outcome, valueOf } from "./outcome.js";
import type { CheckedEvent, CheckResult, TicketEvent, Variable } from "./types.js";
import { bytesOf } from "./utf8.js";
import { invalid } from "./valid.js";

function check(value: unknown): CheckResult<CheckedEvent> {
  const description = describe(value);
  return use((core) => outcome(core.checkEvent(description)));
}

function checkJson(json: string | Uint8Array): CheckResult<CheckedEvent> {
  const bytes = bytesOf(json);
  return use((core) => outcome(core.checkEventJson(bytes)));
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
