import type { Fetch } from "../options.js";

/** A call put into a body, as the relay's `POST /calls` takes it. */
export interface CallInBody {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: unknown;
}

/** What the relay answers to one. */
export interface AnswerInBody {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** What of a call's headers may stand in its body. */
const TAKEN = ["authorization", "idempotency-key", "prefer", "botid"];

/**
 * A `fetch` for hosts that send no headers of ours, or show none of the answer's: each call goes out as the
 * body of another.
 *
 * `post` sends JSON to a URL and answers with the JSON that came back, whatever its status.
 */
export function fetchByCalls(
  post: (url: string, call: CallInBody, signal: AbortSignal) => Promise<unknown>,
): Fetch {
  return async (text, init) => {
    const url = new URL(text);
    const [root, path] = parts(url.pathname);
    const headers = Object.entries(init.headers as Record<string, string>).filter(([name]) =>
      TAKEN.includes(name),
    );
    const call: CallInBody = {
      method: init.method ?? "GET",
      path: path + url.search,
      headers: Object.fromEntries(headers),
    };
    if (typeof init.body === "string") call.body = JSON.parse(init.body);
    const answer = (await post(
      `${url.origin}${root}/calls`,
      call,
      init.signal as AbortSignal,
    )) as AnswerInBody;
    // A page to log in, say: Response would make a success of it.
    if (!(answer?.status >= 200 && answer.headers)) throw new TypeError("the host answers for the relay");
    const isEmpty = answer.body === null || [204, 205, 304].includes(answer.status);
    return new Response(isEmpty ? null : JSON.stringify(answer.body), {
      status: answer.status,
      headers: answer.headers,
    });
  };
}

/** Where the relay is, and which of its paths this is. */
function parts(path: string): [string, string] {
  const at = /\/(converse|conversations|events|parked|waiting|stats|ready)(\/|$)/.exec(path)?.index ?? 0;
  return [path.slice(0, at), path.slice(at)];
}
