import type { Fetch } from "../options.js";
import { type CallInBody, fetchByCalls } from "./calls.js";

/** What is needed of `hubspot` in a UI extension. */
export interface HubSpot {
  fetch(
    url: string,
    options: { method: string; body: unknown; timeout?: number },
  ): Promise<{ json(): Promise<unknown> }>;
}

/**
 * A `fetch` for HubSpot's UI extensions, whose own takes no headers.
 *
 * ```ts
 * const client = new TicketClient({ baseURL, token, fetch: hubspotFetch(hubspot) });
 * ```
 */
export function hubspotFetch(hubspot: HubSpot): Fetch {
  return fetchByCalls(async (url: string, call: CallInBody) => {
    const response = await hubspot.fetch(url, { method: "POST", body: call });
    return response.json();
  });
}
