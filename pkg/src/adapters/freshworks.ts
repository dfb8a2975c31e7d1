/**
 * Calls through a request template, for apps of Freshworks.
 *
 * @module ticketwire/freshworks
 */

import type { Fetch } from "../options.js";
import { type CallInBody, fetchByCalls } from "./calls.js";

/** What a request template answers. */
export interface TemplateAnswer {
  /** The body, as text. */
  response: string;
  /** The status. */
  status: number;
}

/** What is needed of the client of a Freshworks app. */
export interface FreshworksClient {
  /** What sends. */
  request: {
    /** Calls by a template of the app; throws where the status is not 2xx. */
    invokeTemplate(name: string, options: { body: string }): Promise<TemplateAnswer>;
  };
}

/**
 * A `fetch` for Freshworks apps: calls go through a request template, which must be a `POST` of JSON to
 * `/calls` of the relay. The host in `baseURL` is the template's, not the client's, to choose.
 *
 * ```ts
 * const client = new TicketClient({ baseURL, token, fetch: freshworksFetch(await app.initialized(), "ticketwire") });
 * ```
 */
export function freshworksFetch(client: FreshworksClient, template: string): Fetch {
  return fetchByCalls(async (_url: string, call: CallInBody) => {
    const body = JSON.stringify(call);
    try {
      return JSON.parse((await client.request.invokeTemplate(template, { body })).response) as unknown;
    } catch (refused) {
      // What has another status than 2xx is thrown, its body as text.
      const { response } = refused as { response?: string };
      if (typeof response !== "string") throw refused;
      return JSON.parse(response) as unknown;
    }
  });
}
