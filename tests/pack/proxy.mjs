// What a CRM's own servers do for its plugins: send a request for them, and give back the answer whole.

import { text } from "node:stream/consumers";

/** Forwards the request that stands in the body of this one. */
export async function forward(request) {
  const { url, ...init } = JSON.parse(await text(request));
  const answer = await fetch(url, init);
  const body = await answer.text();
  const whole = { status: answer.status, statusText: answer.statusText, body };
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...whole, headers: Object.fromEntries(answer.headers) }),
  };
}
