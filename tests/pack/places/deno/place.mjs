// Deno, which may do nothing but what the exercise needs.

const PERMISSIONS = ["--allow-net=127.0.0.1", "--allow-env=SETTINGS", "--no-prompt"];

export const rows = [
  {
    name: "Deno",
    loads: "import",
    run: ({ exercise }) => exercise("node_modules/.bin/deno", "run", ...PERMISSIONS, "main.mjs"),
  },
];
