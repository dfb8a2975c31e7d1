// An API that takes everything, or nothing, and does nothing else: what is measured is who calls it.

import { once } from "node:events";
import { createServer } from "node:http";
import { serve } from "../child.mjs";

let status = 200;
let taken = 0;
/** When the first and the last request since `reset` were taken, by the clock that all processes share. */
let first;
let last;

const server = createServer((request, response) => {
  // Whoever has not sent all of it is not answered.
  request.resume().on("end", () => {
    if (status === 200) note();
    response.writeHead(status, { "content-length": 0 }).end();
  });
});
// Longer than any measurement pauses, so that no connection closes while a request is on its way.
server.keepAliveTimeout = 600_000;

function note() {
  last = Date.now();
  first ??= last;
  taken += 1;
}

serve({
  start: async () => {
    await once(server.listen(0, "127.0.0.1"), "listening");
    return `http://127.0.0.1:${server.address().port}`;
  },
  /** From now on it answers this. */
  answer: (wanted) => {
    status = wanted.status;
  },
  reset: () => {
    taken = 0;
    first = last = undefined;
  },
  /** What it has taken since. */
  taken: () => ({ taken, first, last }),
});
