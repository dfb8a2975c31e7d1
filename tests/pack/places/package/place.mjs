// The tarball itself: what linters of packages say of it, what its scripts hold, what loading them does.

import { entries, scripts } from "../../shipped.mjs";

/** Whatever would be work, or look at where it is. */
const TRAPS = [
  ...["WebAssembly", "fetch", "TextDecoder", "TextEncoder", "atob", "crypto", "AbortController"],
  ...["setTimeout", "setInterval", "setImmediate", "queueMicrotask"],
];

/** Files to be served, which no import takes. */
const FILES = ["./iife", "./ticketwire.wasm"];

const modules = (folder) => entries(folder).filter((entry) => !FILES.includes(entry));

export const rows = [
  {
    name: "publint",
    loads: "every entry",
    run: async ({ run, tarball }) => {
      const said = await run("node_modules/.bin/publint", "run", "--strict", tarball);
      if (!said.includes("All good!")) throw new Error(said.match(/^\d+\. .*/gm)?.join("\n") ?? said);
    },
  },
  {
    name: "attw",
    loads: "every entry",
    run: ({ run, tarball }) =>
      run("node_modules/.bin/attw", "--profile", "node16", "--exclude-entrypoints", ...FILES, "--", tarball),
  },
  {
    name: "source: no eval, import.meta, await on top",
    loads: "every script",
    run: async ({ folder }) => {
      const faults = await scripts(folder);
      if (faults.length > 0) throw new Error(faults.join("\n"));
    },
  },
  {
    name: "source: loading it does nothing",
    loads: "import, require",
    run: ({ run, folder }) =>
      run("node", "idle.mjs", JSON.stringify({ entries: modules(folder).map(specifier), traps: TRAPS })),
  },
];

const specifier = (entry) => `ticketwire${entry.slice(1)}`;
