// Takes out of a module what nobody can reach in the npm package, after wasm-bindgen and before wasm-opt.
//
// A panic ends in a trap, and there is nobody to read its message: what puts the message together is a
// third of the standard library's part. So each function that never returns becomes the trap itself, and
// wasm-opt takes away what only those had called. Their texts, and the paths of the machine that built
// the module, are blanked where they stand among the data.

import binaryen from "binaryen";

/** What the module may use: Node 20 and browsers of 2021 know all of it. */
export const FEATURES = [
  "bulk-memory",
  "bulk-memory-opt",
  "mutable-globals",
  "nontrapping-float-to-int",
  "sign-ext",
];

// What wasm-bindgen offers to a page that holds JavaScript values in Rust; ours holds none.
const UNUSED_EXPORTS = [
  "__wbindgen_externrefs",
  "__wbindgen_start",
  "__abort_handler",
  "__instance_terminated",
];

// Functions of Rust's own libraries whose result is `!`, by their names.
const NEVER_RETURNS = new RegExp(
  "^(core|std|alloc|__rustc)(\\[[0-9a-f]+\\])?::" +
    "(.*panic|.*_fail(ed)?(_rt)?\\b|.*capacity_overflow|.*handle_error|.*handle_alloc_error|.*begin_unwind)",
);

const TEXTS = [
  /(\/rustc\/|\/rust\/|\/[^\0"]{0,80}\/registry\/src\/|src\/)[^\0"]{0,100}?\.rs/g,
  /(slice index starts at | but ends at |index out of bounds: the len is | but the index is )/g,
  /(range (start|end) index | out of range for slice of length |capacity overflow|Tried to shrink to a larger capacity)/g,
  /(copy_from_slice: source slice length \(|\) does not match destination slice length \(|removal index \(is |\) should be < len \(is )/g,
];

/** The trimmed module, still with its names. */
export function trim(wasm) {
  binaryen.setDebugInfo(true);
  const module = binaryen.readBinary(wasm);
  for (const name of UNUSED_EXPORTS) module.removeExport(name);
  const functions = Array.from({ length: module.getNumFunctions() }, (_, at) =>
    module.getFunctionByIndex(at),
  );
  const snipped = functions.filter((it) => {
    const { name, module: imported, results } = binaryen.getFunctionInfo(it);
    return NEVER_RETURNS.test(name) && !imported && results === binaryen.none;
  });
  if (snipped.length < 5)
    throw new Error("the names of Rust's panics have changed: see scripts/build/trim.mjs");
  for (const it of snipped) binaryen.Function.setBody(it, module.unreachable());
  return module.emitBinary();
}

/** The same module, with texts blanked that nobody can read. */
export function blank(wasm) {
  const text = Buffer.from(wasm).toString("latin1");
  const blanked = TEXTS.reduce((text, unread) => text.replace(unread, (it) => "\0".repeat(it.length)), text);
  return Buffer.from(blanked, "latin1");
}
