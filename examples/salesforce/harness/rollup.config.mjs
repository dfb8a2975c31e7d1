// Compiles the component as Salesforce does, with Lightning Web Components' own compiler and engine. What only
// Salesforce has is found beside this file.

import { fileURLToPath } from "node:url";
import lwc from "@lwc/rollup-plugin";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const SALESFORCE = {
  "c/agentChat": here("../force-app/main/default/lwc/agentChat/agentChat.js"),
  "lightning/platformResourceLoader": here("platformResourceLoader.js"),
  "@salesforce/apex/TicketwireSession.openSession": here("openSession.js"),
};

const salesforce = {
  name: "salesforce",
  resolveId: (id) => SALESFORCE[id] ?? (id.startsWith("@salesforce/resourceUrl/") ? `\0${id}` : null),
  load: (id) =>
    id.startsWith("\0@salesforce/resourceUrl/") ? `export default "${id.split("/").pop()}.js";` : null,
};

/** The engine asks whether this is development. */
const intro = 'const process = { env: { NODE_ENV: "production" } };';

export default {
  input: here("page.js"),
  output: { file: here("../dist/harness.js"), format: "iife", intro },
  plugins: [salesforce, lwc({ rootDir: here("../force-app/main/default") })],
};
