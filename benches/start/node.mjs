// In Node: how long a core takes to be compiled and to start, in a process that has not done so before.

import { readFileSync } from "node:fs";
import { imports, timed } from "./instance.mjs";

const bytes = readFileSync(process.argv[2]);
const compiled = timed(() => new WebAssembly.Module(bytes));
const given = imports(compiled.result);
const started = timed(() => new WebAssembly.Instance(compiled.result, given));
process.stdout.write(JSON.stringify({ compile: compiled.ms, instantiate: started.ms }));
