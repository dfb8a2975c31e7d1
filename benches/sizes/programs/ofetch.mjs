import { ofetch } from "ofetch";
import { checked } from "./by-hand.mjs";

const retry = { retry: 2, retryDelay: 500, retryStatusCodes: [408, 425, 429, 500, 502, 503, 504] };

export async function send(url, token, event) {
  const headers = { authorization: `Bearer ${token}` };
  const body = checked(event);
  await ofetch(`${url}/converse/ticket`, { method: "POST", headers, body, timeout: 10_000, ...retry });
}
