// A site as strict as Salesforce's: scripts of its own alone, nothing compiled from text or bytes.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { mint } from "../../node-backend/sessions.mjs";

const { PORT = "3001", RELAY_URL = "http://127.0.0.1:8787", RELAY_KEY } = process.env;
const POLICY = `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ${RELAY_URL}`;

const FILES = {
  "/": ["index.html", "text/html"],
  "/harness.js": ["../dist/harness.js", "text/javascript"],
  "/ticketwire.js": ["../node_modules/ticketwire/dist/classic/ticketwire.js", "text/javascript"],
};

const server = createServer(async (request, response) => {
  const { status, type = "text/plain", body = "" } = await answer(request).catch(explain);
  response.writeHead(status, { "content-type": type, "content-security-policy": POLICY }).end(body);
});
server.listen(Number(PORT), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}/?case=case-4711`);
});

async function answer(request) {
  const { pathname } = new URL(request.url, "http://harness");
  if (request.method === "POST" && pathname === "/session") return session(request);
  if (!FILES[pathname]) return { status: 404 };
  const [file, type] = FILES[pathname];
  return { status: 200, type, body: await readFile(fileURLToPath(new URL(file, import.meta.url))) };
}

/** What the Apex class does. */
async function session(request) {
  const recordId = (await request.toArray()).join("");
  const { token, expiresMs } = await mint({ url: RELAY_URL, key: RELAY_KEY }, recordId);
  const body = JSON.stringify({ relay: RELAY_URL, token, expiresMs });
  return { status: 201, type: "application/json", body };
}

function explain(error) {
  console.error(error.message);
  return { status: 502 };
}
