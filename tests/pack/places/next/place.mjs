// Next, as it is built and started for production.

const next = (...options) => ["node", "node_modules/next/dist/bin/next", ...options];
const start = (port) => next("start", "--hostname", "127.0.0.1", "--port", port);

/** Once for all rows. */
export const prepare = ({ run }) => run(...next("build"));

export const rows = [
  {
    name: "Next 16, route handler",
    loads: "import",
    run: async ({ serve, ask }) => ask(`${await serve(start)}/route`),
  },
  {
    name: "Next 16, route on the edge",
    loads: "ticketwire/js",
    run: async ({ serve, ask }) => ask(`${await serve(start)}/edge`),
  },
  {
    name: "Next 16, server component",
    loads: "import",
    run: async ({ serve, ask }) => ask(`${await serve(start)}/server`),
  },
  {
    name: "Next 16, client component",
    loads: "import",
    browser: true,
    run: async ({ serve, visit }) => visit(`${await serve(start)}/client`),
  },
];
