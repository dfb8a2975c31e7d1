import type { Request } from "./call.js";
import { use } from "./core.js";
import { TicketwireError } from "./error.js";
import type { ClientOptions, DirectOptions, RelayOptions } from "./options.js";
import { headerSafe, invalid } from "./valid.js";

const HOSTS = { eu: "https://api.ultimate.ai", us: "https://api.us.ultimate.ai" };

/** Where calls go, and what proves who makes them. */
export interface Route {
  /** Whether there is a relay: it keeps, and streams. */
  readonly isRelay: boolean;
  request(route: string, path: string, body?: string): Request;
  /** What a status means that is no success, where the answer itself does not say. */
  codeOf(status: number): string;
}

/** The way that the options say. */
export function routeOf(options: ClientOptions): Route {
  // A key that is not there, since its variable is not set, is still meant to be one.
  const isDirect = "apiKey" in options && (options.apiKey !== undefined || options.token === undefined);
  return isDirect ? straight(options as DirectOptions) : throughRelay(options as RelayOptions);
}

function throughRelay({ baseURL, token }: RelayOptions): Route {
  const base = safe(baseURL, "baseURL");
  const renews = typeof token === "function";
  const authorize = async () => headerSafe(renews ? await asked(token) : token, "token");
  if (!renews) headerSafe(token, "token");
  return {
    isRelay: true,
    request: (route, path, body) => ({ ...requestTo(base + path, body), route, authorize, renews }),
    codeOf: () => "unexpected-answer",
  };
}

/** A token from whoever has them. */
async function asked(token: () => string | Promise<string>): Promise<string> {
  try {
    return await token();
  } catch (cause) {
    throw new TicketwireError("token-failed", "the option token has no token to give: see `cause`", {
      cause,
    });
  }
}

function straight(options: DirectOptions): Route {
  refuseBrowser(options);
  const base = safe(options.baseURL ?? hostOf(options.region ?? "eu"), "baseURL");
  const headers: Record<string, string> = {
    authorization: headerSafe(options.apiKey, "apiKey"),
    botid: headerSafe(options.botId, "botId"),
  };
  if (options.organizationId)
    headers["organizationid"] = headerSafe(options.organizationId, "organizationId");
  return {
    isRelay: false,
    request(route, path, body) {
      const request = requestTo(base + path, body);
      return { ...request, route, headers: { ...request.headers, ...headers } };
    },
    codeOf: (status) => use((core) => core.apiCode(status)),
  };
}

function hostOf(region: string): string {
  if (region === "eu" || region === "us") return HOSTS[region];
  throw invalid("region", "eu or us");
}

function requestTo(url: string, body: string | undefined) {
  if (body === undefined) return { method: "GET" as const, url, headers: {} };
  return { method: "POST" as const, url, headers: { "content-type": "application/json" }, body };
}

/** A key in a page is a key that everybody has. */
function refuseBrowser(options: DirectOptions): void {
  const hasDocument = typeof window !== "undefined" && typeof window.document !== "undefined";
  // Its workers have no document, but all browsers begin so, and no server does.
  const isBrowser = hasDocument || /^Mozilla/.test(globalThis.navigator?.userAgent);
  if (isBrowser && options.dangerouslyAllowBrowser !== true) {
    throw new TicketwireError(
      "browser-key-refused",
      "whoever opens this page could read the API key. Use a relay with session tokens; or, where only trusted people open it, say dangerouslyAllowBrowser: true",
    );
  }
}

/** A URL that a token, or what a customer wrote, may go to; without a slash at its end. */
function safe(text: string, name: string): string {
  let url: URL | undefined;
  try {
    url = new URL(text);
  } catch {
    // Said below.
  }
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url?.hostname ?? "");
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback);
  if (!url || !isSafe || url.username || url.password || url.search || url.hash) {
    throw invalid(name, "an https URL without user, query and fragment (http only for loopback)");
  }
  return url.href.replace(/\/+$/, "").replace(/\/converse\/ticket$/, "");
}
