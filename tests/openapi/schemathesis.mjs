// Schemathesis against the running relay, with the relay's own OpenAPI, as each kind of caller in turn.
//
//   npm run test:openapi            a few hundred requests as each
//   npm run test:openapi -- --long  thousands
//
// Takes Python 3 with its `venv`; Schemathesis is installed into build/schemathesis, pinned.

import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startPair } from "../worker/harness.mjs";
import { build } from "../../scripts/build.mjs";

const VENV = "build/schemathesis";
const CONFIG = "tests/openapi/schemathesis.toml";
const REQUIREMENTS = "tests/openapi/requirements.txt";
const PROGRAM = join(VENV, "bin", "schemathesis");
const SESSION_SECRETS = "test:a_secret_of_thirty-two_bytes_at_least";

const python = ["python3", "python"].find(isPython);
if (!python) {
  console.log("not run: there is no Python 3.10 or newer with venv on PATH; Schemathesis needs it");
  process.exit(process.env.CI ? 1 : 0);
}
install();
for (const name of ["relay", "emulator"]) await build(name, () => {});
const long = process.argv.includes("--long");
const failed = [];
for (const caller of [
  "nobody",
  "wrong key",
  "server key",
  "session send",
  "session read",
  "session send read",
  "the agent",
]) {
  if (!(await run(caller))) failed.push(caller);
}
console.log(failed.length === 0 ? "\nno failure, as any caller" : `\nfailures as: ${failed.join(", ")}`);
process.exit(failed.length === 0 ? 0 : 1);

function isPython(command) {
  try {
    const check = "import sys, venv; sys.exit(sys.version_info < (3, 10))";
    execFileSync(command, ["-c", check], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function install() {
  const wanted = readFileSync(REQUIREMENTS, "utf8");
  const stamp = join(VENV, "requirements.txt");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.log("installing Schemathesis, about a minute");
  execFileSync(python, ["-m", "venv", "--clear", VENV], { stdio: "inherit" });
  const pip = [
    join(VENV, "bin", "pip"),
    ["install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS],
  ];
  execFileSync(...pip, { stdio: "inherit" });
  copyFileSync(REQUIREMENTS, stamp);
}

/** All checks as one caller, against a relay that nothing else calls. */
async function run(caller) {
  // A stream has to end for its answer to be checked.
  const pair = await startPair({ relay: { SESSION_SECRETS, STREAM_SECONDS: "1" } });
  try {
    const header = await headerOf(caller, pair);
    const output = await schemathesis([
      ...["--config-file", CONFIG, "run", `${pair.relay.url}/openapi.json`, "--checks", "all", "--no-color"],
      ...["--seed", "1", "--max-examples", long ? "500" : "20"],
      ...(header ? ["--header", header] : []),
    ]);
    const isGood = output.code === 0 && /\d+ generated/.test(output.text);
    console.log(`as ${caller}: ${/\d+ generated.*/.exec(output.text)?.[0] ?? "nothing was tested"}`);
    if (!isGood) console.log(output.text);
    return isGood;
  } finally {
    await pair.stop();
  }
}

/** What this caller shows. */
async function headerOf(caller, { relay, webhookSecret }) {
  const scope = /session (.*)/.exec(caller)?.[1];
  if (caller === "nobody") return undefined;
  if (caller === "the agent") return `X-API-Key: ${webhookSecret}`;
  if (caller === "wrong key") return "Authorization: Bearer not_a_key_of_the_relay";
  if (!scope) return `Authorization: Bearer ${relay.key}`;
  // Those that the examples of the document name, and one that is easily come upon.
  const conversation = ["case-4711", "f15ee8b6-cf3e-4eaf-bf27-507ded70519a", "0"];
  const answer = await fetch(`${relay.url}/sessions`, {
    method: "POST",
    headers: { authorization: `Bearer ${relay.key}`, "content-type": "application/json" },
    body: JSON.stringify({ conversation, scope }),
  });
  return `Authorization: Bearer ${(await answer.json()).token}`;
}

function schemathesis(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(PROGRAM, args, { env: { ...process.env, NO_COLOR: "1", PYTHONUTF8: "1" } });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (text += part));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, text }));
  });
}
