// The package's core in each of its shapes, loaded as whoever uses it does.

import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);

/** Each shape by its file, from a folder that the build has filled. */
export async function shapesIn(dist = "pkg/dist") {
  const file = (name) => resolve(join(dist, name));
  const imported = (name) => import(pathToFileURL(file(name)));
  return Object.entries({
    "index.js": await imported("index.js"),
    "index.cjs": require(file("index.cjs")),
    "script.js": await imported("script.js"),
    "classic/ticketwire.js": require(file("classic/ticketwire.js")),
  });
}
