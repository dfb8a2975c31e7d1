// `npm run bench`: measures everything, one after the other, or what is named: `npm run bench -- relay check`.
// What follows the names, numbers or `--options`, goes to each of them: their own files say what they take.
// Tables go to standard output, as Markdown; what is under way, to standard error.

import { spawn } from "node:child_process";
import { once } from "node:events";

/** What each measures; those whose time is hours at full length are run only by their names. */
const ALL = {
  relay: "the relay beside its peers",
  check: "checking an event, beside validators for JavaScript",
  start: "how soon the core is there",
  sizes: "what is shipped, beside others for the same job",
  memory: "memory over very many events",
  delivery: "durable delivery",
  core: "the core, natively",
};
const BY_NAME = { streams: "open streams", backlog: "a backlog", console: "the console" };

const TITLES = { ...ALL, ...BY_NAME };

const wished = process.argv.slice(2);
const end = wished.findIndex((word) => !Object.hasOwn(TITLES, word));
const names = end < 0 ? wished : wished.slice(0, end);
const rest = wished.slice(names.length);
if (rest.length > 0 && !/^[-\d]/.test(rest[0])) {
  console.error(`npm run bench: there is no ${rest[0]}; there are ${Object.keys(TITLES).join(", ")}`);
  process.exit(2);
}

for (const name of names.length > 0 ? names : Object.keys(ALL)) {
  console.log(`\n## ${TITLES[name]}\n`);
  const child = spawn(process.execPath, [`benches/${name}/run.mjs`, ...rest], { stdio: "inherit" });
  const [code] = await once(child, "exit");
  if (code !== 0) {
    console.error(`npm run bench: ${name} has failed; to repeat it: npm run bench -- ${name}`);
    process.exitCode = 1;
  }
}
