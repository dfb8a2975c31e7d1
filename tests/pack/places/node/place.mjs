// The Nodes that are maintained, by both ways of loading.

const MAJORS = [20, 22, 24];
const WAYS = { import: "main.mjs", require: "main.cjs" };

export const rows = MAJORS.flatMap((major) =>
  Object.entries(WAYS).map(([loads, script]) => ({
    name: `Node ${major}`,
    loads,
    run: ({ exercise }) => exercise(`node_modules/node${major}/bin/node`, script),
  })),
);
