import wasm from "#wasm-text";
import { decode } from "./decode.js";
import { refused } from "./refused.js";

let compiled: WebAssembly.Module | undefined;

/** The core, compiled from the text that comes with the package: no file to find, nothing to fetch. */
export function load(imports: object): WebAssembly.Exports {
  try {
    compiled ??= new WebAssembly.Module(decode(wasm));
    return new WebAssembly.Instance(compiled, imports as WebAssembly.Imports).exports;
  } catch (cause) {
    throw refused(cause);
  }
}

/** Compiles it beside whatever else the page does. */
export async function loadAsync(): Promise<typeof load> {
  try {
    compiled ??= await WebAssembly.compile(decode(wasm));
  } catch (cause) {
    throw refused(cause);
  }
  return load;
}
