// Bun, by both ways of loading.

const WAYS = { import: "main.mjs", require: "main.cjs" };

export const rows = Object.entries(WAYS).map(([loads, script]) => ({
  name: "Bun",
  loads,
  run: ({ exercise }) => exercise("node_modules/.bin/bun", script),
}));
