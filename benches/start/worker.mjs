// In workerd: how long the relay's core takes to start, in an isolate that has not done so before.

import module from "./core.wasm";
import { imports, timed } from "./instance.mjs";

/** The clock counts whole milliseconds there; so many starts are long enough for it. */
const MORE = 20;

export default {
  fetch() {
    const given = imports(module);
    const start = () => new WebAssembly.Instance(module, given);
    const first = timed(start).ms;
    const more = timed(() => Array.from({ length: MORE }, start)).ms / MORE;
    return Response.json({ first, more });
  },
};
