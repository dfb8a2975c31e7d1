import { use } from "./core.js";
import { outcome, valueOf } from "./outcome.js";
import type { AgentReply, CheckResult } from "./types.js";
import { bytesOf } from "./utf8.js";

function check(body: string | Uint8Array): CheckResult<AgentReply> {
  const bytes = bytesOf(body);
  return outcome(
    use((core) => core.checkReply(bytes)),
    ({ value }) => value as AgentReply,
  );
}

/**
 * The agent's replies, for those who receive its webhook themselves. Check its proof first: see
 * `webhook` in "ticketwire/webhook".
 *
 * Strict about where a reply belongs, lenient about the rest: what has another shape than is known is kept
 * in `extra`, since a refused reply is a lost answer.
 */
export const reply = {
  /** Checks the body of a reply webhook. */
  check,

  /** The reply. Throws `invalid-reply`, with every issue. */
  parse: (body: string | Uint8Array): AgentReply => valueOf(check(body), "invalid-reply", "reply"),
};
