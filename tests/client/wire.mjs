// The wire between a client and a relay: it can be cut, and knows what is open.

import { createServer, connect } from "node:net";

/** A wire to this URL, with a URL of its own. */
export async function startWire(url) {
  const { hostname, port } = new URL(url);
  const open = new Set();
  let connections = 0;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    const ends = [near, far];
    connections += 1;
    open.add(near);
    near.on("close", () => open.delete(near));
    for (const [end, other] of [ends, [far, near]]) {
      end.pipe(other);
      end.on("error", () => other.destroy());
      end.on("close", () => other.destroy());
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => open.forEach((near) => near.destroy());
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** How many connections are open. */
    open: () => open.size,
    /** How many there have been. */
    connections: () => connections,
    cut,
    stop: () => (cut(), new Promise((resolve) => server.close(resolve))),
  };
}
