// Which web pages may use the emulator's own routes: those of this machine, such as the relay's console. A page
// from elsewhere that somebody happens to have open must not order faults here.

import { isLoopback } from "../loopback.js";

const ADMIN = "/__admin/";

/** Answers by `answer`, unless a page asks that may not, or only asks whether it may. */
export async function forPages(request, answer) {
  const origin = request.headers.get("origin");
  const isAdmin = new URL(request.url).pathname.startsWith(ADMIN);
  if (!origin || !isAdmin) return answer();
  if (!isLoopback(origin)) return refused();
  const isQuestion = request.method === "OPTIONS";
  return allowed(isQuestion ? new Response(null, { status: 204 }) : await answer(), origin);
}

function refused() {
  const message = "only pages of this machine may use the emulator's own routes";
  const headers = { "x-emulator": "1" };
  return Response.json({ error: { code: "foreign-page", message, problems: [] } }, { status: 403, headers });
}

function allowed(response, origin) {
  const answer = new Response(response.body, response);
  const headers = {
    "access-control-allow-headers": "content-type",
    "access-control-allow-methods": "GET, PUT, POST, DELETE",
    "access-control-allow-origin": origin,
    vary: "origin",
  };
  for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
  return answer;
}
