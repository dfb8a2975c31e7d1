import type { Issue, Warning } from "./types.js";

/** What can go wrong here; the relay's own codes come beside these. */
export type ErrorCode =
  | "invalid-event"
  | "invalid-reply"
  | "invalid-options"
  | "browser-key-refused"
  | "no-fetch"
  | "aborted"
  | "timed-out"
  | "network-failed"
  | "redirected"
  | "unexpected-answer"
  | "not-streamed"
  | "frame-too-large"
  | "token-expired"
  | "token-failed"
  | "core-refused"
  | "core-crashed"
  | (string & {});

/** What an error knows besides its code. */
export interface ErrorDetails {
  /** The status of the answer. */
  status?: number | undefined;
  /** Each thing to mend. */
  issues?: Issue[] | undefined;
  /** What is not wrong, but worth a look. */
  warnings?: Warning[] | undefined;
  /** How long the other side asked to wait, in milliseconds. */
  retryAfterMs?: number | undefined;
  /** The relay's id of the request, for whoever operates it. */
  requestId?: string | undefined;
  /** What was thrown underneath. */
  cause?: unknown;
}

/**
 * The one error of this package. Tell errors apart by `code`, which stays the same from release to
 * release; `instanceof` fails where two copies of a package meet. Its message says what to do, and never
 * holds a secret or what a customer wrote.
 *
 * ```ts
 * try {
 *   await client.send(event);
 * } catch (error) {
 *   if (error instanceof TicketwireError && error.code === "invalid-event") show(error.issues);
 * }
 * ```
 */
export class TicketwireError extends Error implements ErrorDetails {
  /** The same for all of them, however the package is bundled. */
  override readonly name = "TicketwireError";
  /** What went wrong, by a name that stays the same from release to release. */
  readonly code: ErrorCode;
  readonly status?: number | undefined;
  readonly issues?: Issue[] | undefined;
  readonly warnings?: Warning[] | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly requestId?: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message);
    this.code = code;
    Object.assign(this, details);
  }

  /** Whether the same call may succeed later. */
  get retryable(): boolean {
    const { status = 0 } = this;
    return (
      status >= 500 || [408, 425, 429].includes(status) || ["timed-out", "network-failed"].includes(this.code)
    );
  }
}
