// Rollup, whose script is a module.

export const rows = [
  {
    name: "Rollup 4",
    loads: "import",
    browser: true,
    run: async ({ run, site, visit }) => {
      await run("node", "node_modules/rollup/dist/bin/rollup", "--config", "rollup.config.mjs");
      await visit(`${await site()}/index.html`);
    },
  },
];
