/**
 * Calls by HubSpot's own `fetch`, for its UI extensions.
 *
 * @module ticketwire/hubspot
 */

import type { Fetch } from "../options.js";
import { type CallInBody, fetchByCalls } from "./calls.js";

/** What HubSpot's `fetch` answers. */
export interface HubSpotAnswer {
  /** The body, read as JSON. */
  json(): Promise<unknown>;
}

/** What is needed of `hubspot` in a UI extension. */
export interface HubSpot {
  /** Calls; `timeout` is in milliseconds. */
  fetch(url: string, options: { method: string; body: unknown; timeout?: number }): Promise<HubSpotAnswer>;
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
