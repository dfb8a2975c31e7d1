/**
 * Calls through Zendesk's proxy, for apps in Zendesk.
 *
 * @module ticketwire/zendesk
 */

import type { Fetch } from "../options.js";
import { type CallInBody, fetchByCalls } from "./calls.js";

/** What is needed of the client of a Zendesk app (ZAF). */
export interface ZafClient {
  /** Calls through the proxy; answers with the body, and throws where the status is not 2xx. */
  request(options: {
    url: string;
    type: string;
    contentType: string;
    data: string;
    dataType: string;
    cors?: boolean;
  }): Promise<unknown>;
}

/**
 * A `fetch` for Zendesk apps: calls go through Zendesk's proxy. Answers come whole, so follow a
 * conversation with `mode: "poll"`, which is also what `auto` comes to.
 *
 * ```ts
 * const client = new TicketClient({ baseURL, token, fetch: zendeskFetch(ZAFClient.init()) });
 * ```
 */
export function zendeskFetch(client: ZafClient): Fetch {
  return fetchByCalls(async (url: string, call: CallInBody) => {
    const data = JSON.stringify(call);
    try {
      return await client.request({
        url,
        type: "POST",
        contentType: "application/json",
        data,
        dataType: "json",
      });
    } catch (refused) {
      // The proxy throws what has another status than 2xx.
      const answer = refused as { responseJSON?: unknown; responseText?: string };
      const body = answer.responseJSON ?? parsed(answer.responseText);
      if (body === undefined) throw refused;
      return body;
    }
  });
}

function parsed(text: string | undefined): unknown {
  try {
    return text && JSON.parse(text);
  } catch {
    return undefined;
  }
}
