import { TicketwireError } from "../error.js";

/** Says what to do where WebAssembly may not be compiled. */
export function refused(cause: unknown): TicketwireError {
  const message =
    "WebAssembly can't be compiled here. If the page's Content-Security-Policy forbids it, add " +
    "'wasm-unsafe-eval' to script-src, or import from \"ticketwire/js\": the same core as plain JavaScript";
  return new TicketwireError("core-refused", message, { cause });
}
