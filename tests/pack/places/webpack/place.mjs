// webpack, whose script is a classic one.

export const rows = [
  {
    name: "webpack 5",
    loads: "import",
    browser: true,
    run: async ({ run, site, visit }) => {
      await run("node", "node_modules/webpack/bin/webpack.js");
      await visit(`${await site()}/index.html`);
    },
  },
];
