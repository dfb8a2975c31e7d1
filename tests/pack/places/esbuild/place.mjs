// esbuild: a classic script for a page, and one file for Node.

const esbuild = (...options) => ["node_modules/.bin/esbuild", "--bundle", "--minify", ...options];

export const rows = [
  {
    name: "esbuild, page",
    loads: "import",
    browser: true,
    run: async ({ run, site, visit }) => {
      await run(...esbuild("page.mjs", "--outfile=dist/page.js"));
      await visit(`${await site()}/index.html`);
    },
  },
  {
    name: "esbuild, Node",
    loads: "require",
    run: async ({ run, exercise }) => {
      await run(...esbuild("main.cjs", "--platform=node", "--outfile=dist/main.cjs"));
      await exercise("node", "dist/main.cjs");
    },
  },
];
