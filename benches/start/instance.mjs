// Starting a WebAssembly module as the JavaScript around it would, but that nothing it may call does anything.

/** What the module imports, empty. */
export function imports(module) {
  const all = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module))
    (all[from] ??= {})[name] = kind === "tag" ? tag(name) : () => {};
  return all;
}

/** Exceptions are caught by their kind: JavaScript's own, or one of wasm-bindgen's. */
function tag(name) {
  return name === "__wbindgen_jstag" ? WebAssembly.JSTag : new WebAssembly.Tag({ parameters: ["externref"] });
}

/** How long something takes, in milliseconds, and what it gives. */
export function timed(work) {
  const start = performance.now();
  const result = work();
  return { ms: performance.now() - start, result };
}
