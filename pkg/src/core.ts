import glue, { type Glue } from "#glue";
import { load } from "#load";
import { TicketwireError } from "./error.js";
import { decoder, encoder } from "./utf8.js";

/** The core that is in use. */
let running: Glue | undefined;

/** Starts a core that has its own memory and its own way to it. */
function start(load: (imports: object) => WebAssembly.Exports): Glue {
  const core = glue(decoder(), encoder());
  core.__wbg_set_wasm(load({ "./core_bg.js": core }));
  return core;
}

/**
 * Does something with the core. It has no way to fail but by a trap; then it is dropped, with all its
 * memory, and the next call starts another.
 */
export function use<T>(work: (core: Glue) => T): T {
  const core = (running ??= start(load));
  try {
    return work(core);
  } catch (cause) {
    running = undefined;
    const message = "the core of ticketwire has crashed; the next call starts it anew. Please report this";
    throw new TicketwireError("core-crashed", message, { cause });
  }
}

/** Starts the core with what is compiled already, unless it runs. */
export function adopt(compiled: typeof load): void {
  running ??= start(compiled);
}
