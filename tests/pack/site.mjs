// The site of a place with pages: its files, and packages by their names, as from a CDN.

import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, sep } from "node:path";
import { exported } from "./exported.mjs";
import { forward } from "./proxy.mjs";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

/** Serves a folder. `headers` go with every answer. */
export async function startSite(folder, { port, headers = {} }) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://site");
    const answer = pathname === "/proxy" ? await forward(request) : file(folder, pathname);
    response.writeHead(answer.status, { ...headers, ...answer.headers }).end(answer.body);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return { stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()) };
}

function file(folder, pathname) {
  if (pathname.startsWith("/npm/")) return redirect(folder, pathname.slice("/npm/".length));
  const path = join(folder, decodeURIComponent(pathname));
  const isThere = path.startsWith(folder + sep) && existsSync(path) && statSync(path).isFile();
  if (!isThere) return { status: 404 };
  // A frame without an origin is a stranger to its own site.
  const type = { "content-type": TYPES[extname(path)] ?? "text/plain", "access-control-allow-origin": "*" };
  return { status: 200, headers: type, body: readFileSync(path) };
}

const redirect = (folder, specifier) => ({
  status: 302,
  headers: { location: `/${exported(folder, specifier)}` },
});
