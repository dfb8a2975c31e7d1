// Which file of an installed package an import means, as Node's documentation of `exports` has it.

import { readFileSync } from "node:fs";
import { join } from "node:path";

const BROWSER = ["browser", "import", "module", "default"];

/** The path within `folder` of `specifier`, such as `ticketwire/js`, for a page. */
export function exported(folder, specifier) {
  const [name, ...rest] = specifier.split("/");
  const root = join("node_modules", name);
  const { exports } = JSON.parse(readFileSync(join(folder, root, "package.json"), "utf8"));
  const target = choose(exports[[".", ...rest].join("/")]);
  if (!target) throw new Error(`the package exports no ${specifier} to pages`);
  return join(root, target);
}

/** The first condition that holds, however deep. */
function choose(entry) {
  if (typeof entry !== "object" || entry === null) return entry;
  const holds = Object.keys(entry).filter((condition) => BROWSER.includes(condition));
  return holds.map((condition) => choose(entry[condition])).find(Boolean);
}
