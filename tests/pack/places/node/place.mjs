// The Nodes that are maintained, by both ways of loading; and the entry without WebAssembly.

const MAJORS = [20, 22, 24];
const WAYS = { import: "main.mjs", require: "main.cjs" };
const PLAIN = { "import ticketwire/js": "plain.mjs", "require ticketwire/js": "plain.cjs" };

const rowsOf = (major, ways) =>
  Object.entries(ways).map(([loads, script]) => ({
    name: `Node ${major}`,
    loads,
    run: ({ exercise }) => exercise(`node_modules/node${major}/bin/node`, script),
  }));

export const rows = [...MAJORS.flatMap((major) => rowsOf(major, WAYS)), ...rowsOf(MAJORS[0], PLAIN)];
