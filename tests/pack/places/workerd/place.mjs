// A Worker of the user's own, as wrangler bundles and runs it.

const wrangler = ["node", "node_modules/wrangler/bin/wrangler.js"];
const dev = (port) => [...wrangler, "dev", "--ip", "127.0.0.1", "--port", port, "--inspector-port", "0"];

export const rows = [
  {
    name: "workerd, by wrangler 4",
    loads: "import, workerd",
    run: async ({ serve, ask }) => ask(`${await serve(dev)}/exercise`),
  },
];
