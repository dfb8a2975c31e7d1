// A CRM's backend: gives its pages session tokens, and takes the agent's replies.

import { createServer } from "node:http";
import { mayOpen } from "./login.mjs";
import { Replies } from "./replies.mjs";
import { mint } from "./sessions.mjs";

/** More than any reply has that a relay sends on. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;

const { PORT = "3000", RELAY_URL = "http://127.0.0.1:8787" } = process.env;
const relay = { url: RELAY_URL, key: needed("RELAY_KEY") };
const replies = new Replies(needed("ONWARD_SECRETS").split(/[\s,]+/));

const routes = {
  "POST /session": async (request) => {
    const { conversation } = JSON.parse(await bodyOf(request)) ?? {};
    if (!mayOpen(request, conversation)) return { status: 403 };
    return { status: 201, body: await mint(relay, conversation) };
  },
  "POST /replies": async (request) => ({
    status: await replies.take(await bodyOf(request), request.headers),
  }),
  "GET /replies": async () => ({ status: 200, body: replies.list() }),
};

const server = createServer(async (request, response) => {
  const { status, body } = await answer(request).catch(explain);
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(body === undefined ? "" : JSON.stringify(body));
});
server.listen(Number(PORT), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});

async function answer(request) {
  const { pathname } = new URL(request.url, "http://backend");
  const route = routes[`${request.method} ${pathname}`];
  return route ? route(request) : { status: 404 };
}

/** The body as it came: a signature holds for these bytes alone. */
async function bodyOf(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw Object.assign(new Error("the body is too large"), { status: 413 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What went wrong is for the log: it may name what is ours alone. */
function explain(error) {
  const status = error instanceof SyntaxError ? 400 : (error.status ?? 502);
  console.error(`${status}: ${error.message}`);
  return { status };
}

function needed(name) {
  const value = process.env[name];
  if (value) return value;
  console.error(`${name} is not set: see README.md`);
  process.exit(2);
}
