import { loadAsync } from "#load";
import { adopt } from "./core.js";

/**
 * Starts the core ahead of time, without holding up the page while it is compiled. Nothing needs it: the
 * first call starts the core where this has not. Rejects with `core-refused` where WebAssembly is.
 */
export async function init(): Promise<void> {
  adopt(await loadAsync());
}
