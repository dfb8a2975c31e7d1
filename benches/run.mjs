// `npm run bench`: measures everything, one after the other, or what is named: `npm run bench -- relay check`.
// One that is named alone takes options: `npm run bench -- relay --rounds 3`; `--help` says which.
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

const words = process.argv.slice(2);
const first = words.findIndex((word) => word.startsWith("-"));
const [named, options] = first < 0 ? [words, []] : [words.slice(0, first), words.slice(first)];
if (["-h", "--help"].includes(words[0])) {
  console.log(list());
  process.exit(0);
}
const stranger = named.find((name) => !Object.hasOwn(TITLES, name));
if (stranger !== undefined) refuse(`there is no ${stranger}`);
if (options.length > 0 && named.length !== 1) refuse("options go to one measurement, after its name");

for (const name of named.length > 0 ? named : Object.keys(ALL)) {
  console.log(`\n## ${TITLES[name]}\n`);
  const child = spawn(process.execPath, [`benches/${name}/run.mjs`, ...options], { stdio: "inherit" });
  const [code] = await once(child, "exit");
  // It can't be told what it was told, and has said so.
  if (code === 2) process.exit(2);
  if (code !== 0) {
    console.error(`npm run bench: ${name} has failed; to repeat it: npm run bench -- ${words.join(" ")}`);
    process.exitCode = 1;
  }
}

function refuse(why) {
  console.error(`npm run bench: ${why}. What can be measured:\n${list()}`);
  process.exit(2);
}

function list() {
  return Object.entries(TITLES)
    .map(([name, title]) => `  ${name.padEnd(10)} ${title}`)
    .join("\n");
}
