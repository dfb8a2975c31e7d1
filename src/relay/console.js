// The console: a page, of static files, that shows the relay at work. Served where CONSOLE is "on".

import { isLoopback } from "../loopback.js";

/** Where it is. */
const PATH = "/console/";

/** What it may load and reach: itself, and the emulator where that is the API. Nothing inline, nothing else. */
const policy = (emulator) =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${emulator ?? ""}`.trimEnd(),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types lit-html",
  ].join("; ");

/** The answer to a request for the console; none, where it is for something else, or the console is off. */
export function answer(request, env) {
  if (env.CONSOLE !== "on") return undefined;
  const url = new URL(request.url);
  if (!`${url.pathname}/`.startsWith(PATH)) return undefined;
  if (url.pathname === PATH.slice(0, -1)) return Response.redirect(new URL(PATH, url), 308);
  const emulator = emulatorOf(env);
  if (url.pathname === `${PATH}settings.json`) return dressed(Response.json({ emulator }), emulator);
  return env.ASSETS.fetch(request).then((asset) => dressed(asset, emulator));
}

/** The emulator's origin: an API on this very machine is one, and no other is spoken to without https. */
const emulatorOf = ({ API_BASE_URL }) => (isLoopback(API_BASE_URL) ? new URL(API_BASE_URL).origin : null);

/** The same headers as every answer of the relay has, but for the policy. */
function dressed(response, emulator) {
  const answer = new Response(response.body, response);
  const headers = {
    "cache-control": "no-cache",
    "content-security-policy": policy(emulator),
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
  };
  for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
  return answer;
}
