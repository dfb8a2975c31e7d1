import module from "#wasm-module";

/** The core, where the platform compiles it when it takes the script: Cloudflare's workerd. */
export function load(imports: object): WebAssembly.Exports {
  return new WebAssembly.Instance(module, imports as WebAssembly.Imports).exports;
}

/** Nothing to compile. */
export async function loadAsync(): Promise<typeof load> {
  return load;
}
