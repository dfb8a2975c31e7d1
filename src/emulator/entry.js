// The emulator's Worker: its handlers and its Durable Object.
import * as core from "core";
import { entry } from "../entry.js";
import { forPages } from "./pages.js";

const { handlers, durableObject } = entry(core, ({ fetch }, ...parts) => fetch(...parts));

export default {
  ...handlers,
  async fetch(request, ...parts) {
    const answer = await forPages(request, () => handlers.fetch(request, ...parts));
    if (answer.headers.has("x-emulator-lost")) throw lost();
    return answer;
  },
};
export const Emulator = durableObject("Emulator");

/**
 * What closes the caller's connection without an answer.
 *
 * workerd has no call for it, but it takes an error that says of itself that it may be tried again
 * for a lost connection, and answers a lost connection by losing the caller's. That needs a socket
 * of the Worker's own, as `direct` in scripts/local.mjs gives it. Where other Workers stand in
 * front, as under `wrangler dev`, they answer 500 in their own name.
 */
function lost() {
  return Object.assign(new Error("the connection is lost on purpose"), { retryable: true });
}
