// Vite's own server, which bundles packages beforehand, and what it builds.

const vite = ["node", "node_modules/vite/bin/vite.js"];
const serve = (port) => [...vite, "--host", "127.0.0.1", "--port", port, "--strictPort"];

export const rows = [
  {
    name: "Vite 8, dev",
    loads: "import",
    browser: true,
    run: async ({ serve: start, visit }) => visit(await start(serve)),
  },
  {
    name: "Vite 8, build",
    loads: "import",
    browser: true,
    run: async ({ run, site, visit }) => {
      await run(...vite, "build");
      await visit(`${await site("dist")}/index.html`);
    },
  },
];
