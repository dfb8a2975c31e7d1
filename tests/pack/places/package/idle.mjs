// Loads every entry where nothing can be done: whatever an import would use springs a trap.

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { entries, traps } = JSON.parse(process.argv[2]);

/** What says so when it is used in any way. */
function trap(name) {
  const spring = () => {
    throw new Error(`it uses ${name}`);
  };
  return new Proxy(function () {}, { get: spring, has: spring, apply: spring, construct: spring });
}

for (const name of traps) Object.defineProperty(globalThis, name, { value: trap(name), configurable: true });
for (const entry of entries) {
  if (Object.keys(await import(entry)).length === 0) throw new Error(`${entry} exports nothing`);
  require(entry);
}
