// `npm run bench -- sizes`: what the npm package weighs beside others that could do its work. Each program in
// programs/ checks a ticket event and posts it, with two retries; each is tried before it is measured.

import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "../../scripts/build.mjs";
import { install } from "../../scripts/install.mjs";
import { options } from "../options.mjs";
import { bundle, compressed } from "./measure.mjs";
import { tryOut } from "./trial.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const FOLDER = "build/sizes";
const PAGE = `${HERE}README.md`;
const { dependencies } = JSON.parse(readFileSync(`${HERE}package.json`, "utf8"));

const VALIDATES = "Retries: by hand. Limits in bytes, as the API's are; warnings";
const SENDS = "The check: by hand, without a word of where and why";

/** Each program: its library, and what that lacks. */
const PROGRAMS = {
  ticketwire: ["ticketwire", "Other work: no schemas, no requests of your own"],
  valibot: ["valibot", VALIDATES],
  "zod-mini": ["zod/mini", VALIDATES],
  zod: ["zod", VALIDATES],
  ajv: ["ajv", `${VALIDATES}. Makes functions from text, which a strict Content-Security-Policy refuses`],
  ofetch: ["ofetch", `${SENDS}. \`Retry-After\``],
  ky: ["ky", SENDS],
  stripe: ["stripe", `${SENDS}. It is the client of another API, and shows what such a one weighs`],
};

options({});
await build("client");
await prepare();
const rows = [];
for (const name of Object.keys(PROGRAMS)) rows.push(await measure(name));
rows.sort((one, other) => one.bytes - other.bytes);
const table = tableOf(rows);
// The first table of the page.
writeFileSync(PAGE, readFileSync(PAGE, "utf8").replace(/(^\|.*\n)+/m, `${table}\n`));
console.log(table);

/** Lays out the programs beside what they import. */
async function prepare() {
  mkdirSync(FOLDER, { recursive: true });
  cpSync(HERE, FOLDER, { recursive: true });
  await install(FOLDER);
  const link = `${FOLDER}/node_modules/ticketwire`;
  rmSync(link, { force: true });
  symlinkSync(resolve("pkg"), link);
}

async function measure(name) {
  const program = await bundle(`export * from "./programs/${name}.mjs";`, FOLDER);
  const file = resolve(FOLDER, `${name}.bundled.mjs`);
  writeFileSync(file, program);
  const { send } = await import(file);
  await tryOut(send);
  const [library, lacks] = PROGRAMS[name];
  const version = dependencies[library.split("/")[0]];
  return { library: version ? `${library} ${version}` : `**${library}**`, bytes: compressed(program), lacks };
}

function tableOf(rows) {
  const lines = rows.map(
    ({ library, bytes, lacks }) => `| ${library} | ${(bytes / 1000).toFixed(1)} | ${lacks} |`,
  );
  return ["| program with | kB | what it lacks |", "|---|--:|---|", ...lines].join("\n");
}
