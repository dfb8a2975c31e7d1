import instantiate from "#wasm-script";

/** The same core as plain JavaScript, where WebAssembly is refused. */
export function load(imports: object): WebAssembly.Exports {
  return instantiate(imports);
}

/** Nothing to compile. */
export async function loadAsync(): Promise<typeof load> {
  return load;
}
