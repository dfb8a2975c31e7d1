import ky from "ky";
import { checked } from "./by-hand.mjs";

const retry = { limit: 2, methods: ["post"], statusCodes: [408, 425, 429, 500, 502, 503, 504] };

export async function send(url, token, event) {
  const headers = { authorization: `Bearer ${token}` };
  await ky.post(`${url}/converse/ticket`, { json: checked(event), headers, retry });
}
