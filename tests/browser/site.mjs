// The page of somebody who follows conversations, on a site of its own.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";

const PAGE = readFileSync(new URL("page.html", import.meta.url));

/** Serves the page, and nothing else. */
export async function startSite() {
  const server = createServer((request, response) => {
    const status = request.url === "/" ? 200 : 404;
    response.writeHead(status, { "content-type": "text/html; charset=utf-8" });
    response.end(status === 200 ? PAGE : "");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = () => new Promise((resolve) => server.close(resolve).closeAllConnections());
  return { origin: `http://127.0.0.1:${server.address().port}`, stop };
}
