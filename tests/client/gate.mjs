// The way to a relay, or to the API: it passes on what comes, unless it was told what to do with the next.

import { createServer, request as requestOf } from "node:http";

/**
 * A gate to this URL. `next` gives what becomes of the next requests, one each:
 *
 * - `{ status, headers, body }`: it is answered with that, and not passed on;
 * - `"cut"`: its connection is closed at once; `"lose"`: once it has been passed on and answered;
 * - `"hold"`: nothing comes back; `"stall"`: a head, and nothing behind it;
 * - `"pass"`, as without a word.
 */
export async function startGate(target) {
  const plans = [];
  const seen = [];
  const open = new Set();
  const server = createServer(async (incoming, response) => {
    const body = await bytesOf(incoming);
    const request = { method: incoming.method, path: incoming.url, headers: incoming.headers, body };
    seen.push({ ...request, text: body.toString() });
    const plan = plans.shift() ?? "pass";
    if (plan === "cut") incoming.socket.destroy();
    else if (plan === "stall") response.writeHead(200, { "content-type": "application/json" }).flushHeaders();
    else if (plan === "pass" || plan === "lose") passOn(target, request, response, plan);
    else if (plan !== "hold") response.writeHead(plan.status, plan.headers).end(plan.body);
  });
  server.on("connection", (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** What has come, oldest first. */
    seen,
    /** How many connections are open. */
    open: () => open.size,
    next: (...more) => plans.push(...more),
    /** Forgets what has come and what was to be done. */
    clear: () => (plans.splice(0), seen.splice(0)),
    stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  };
}

function passOn(target, { method, path, headers, body }, response, plan) {
  const { hostname, port } = new URL(target);
  const onward = requestOf({ hostname, port, method, path, headers, agent: false }, async (answer) => {
    if (plan === "lose") return bytesOf(answer).then(() => response.destroy());
    response.writeHead(answer.statusCode, answer.headers).flushHeaders();
    answer.pipe(response);
  });
  // Who leaves, on either side, leaves the other as well.
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  onward.end(body);
}

async function bytesOf(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
