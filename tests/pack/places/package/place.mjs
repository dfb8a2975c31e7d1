// The tarball itself: what linters of packages say of it, what its scripts hold, what loading them does.

import { entries, scripts, strays } from "../../shipped.mjs";

/** Whatever would be work, or look at where it is. */
const TRAPS = [
  ...["WebAssembly", "fetch", "TextDecoder", "TextEncoder", "atob", "crypto", "AbortController"],
  ...["setTimeout", "setInterval", "setImmediate", "queueMicrotask"],
];

/** Without `exports`, as before Node 12.17 and TypeScript 4.7, there is one entry alone. */
const ATTW = ["node_modules/.bin/attw", "--profile", "node16", "--no-summary", "--format", "ascii"];

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
    run: ({ run, folder, tarball }) =>
      run(...ATTW, "--exclude-entrypoints", ...entries(folder).files, "--", tarball).catch(explain),
  },
  {
    name: "source: no eval, import.meta, await on top",
    loads: "every script",
    run: async ({ folder }) => refuse(await scripts(folder)),
  },
  {
    name: "files: README, licences, no path of ours",
    loads: "every file",
    run: ({ folder }) => refuse(strays(folder)),
  },
  {
    name: "source: loading it does nothing",
    loads: "import, require",
    run: ({ run, folder }) =>
      run(
        "node",
        "idle.mjs",
        JSON.stringify({ entries: entries(folder).modules.map(specifier), traps: TRAPS }),
      ),
  },
];

function refuse(faults) {
  if (faults.length > 0) throw new Error(faults.join("\n"));
}

const specifier = (entry) => `ticketwire${entry.slice(1)}`;

/** The entries that have faults, and these. */
function explain({ message, output }) {
  const isTold = (line) => /^"/.test(line) || (/^(node16|bundler)/.test(line) && !line.includes("🟢"));
  const lines = output.split("\n").filter(isTold);
  const faults = lines.filter((line, at) => !/^"/.test(line) || /^[^"]/.test(lines[at + 1] ?? '"'));
  throw new Error(faults.join("\n") || message);
}
