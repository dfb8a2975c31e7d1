// `npm start` as a person meets it, but for the set-up that came before.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { test } from "node:test";
import { freePort } from "../scripts/local.mjs";

/** Runs it to its end, or to a signal once it says that it waits for one, and `during` has looked at that. */
async function start(args, environment, signal, during = () => {}) {
  const child = spawn(process.execPath, ["scripts/start.mjs", ...args], {
    env: { ...process.env, ...environment },
  });
  let output = "";
  let looked;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text) => {
      output += text;
      if (!signal || !output.includes("Ctrl-C stops both.")) return;
      looked ??= Promise.resolve(during(output)).finally(() => child.kill(signal));
    });
  }
  const code = await new Promise((resolve) => child.on("close", resolve));
  await looked;
  return { code, output };
}

async function ports() {
  return { PORT: String(await freePort()), EMULATOR_PORT: String(await freePort()) };
}

test("--once shows the acknowledgement and the reply, and ends with 0", async () => {
  const { code, output } = await start(["--once"], await ports());
  assert.equal(code, 0, output);
  assert.match(output, /← 200, empty/);
  assert.match(output, /← the agent's reply, by webhook:\n {2}“.*shipping address.*”/);
});

for (const [signal, expected] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
]) {
  test(`it keeps running until ${signal}, and leaves nothing behind`, async () => {
    const environment = await ports();
    const { code, output } = await start([], environment, signal, lookAtConsole);
    assert.equal(code, expected, output);
    for (const port of Object.values(environment)) {
      await assert.rejects(fetch(`http://127.0.0.1:${port}/health`), TypeError);
    }
  });
}

/** The address that is printed is one of a page. */
async function lookAtConsole(output) {
  const [, url] = /^Console +(http:\S+#key=\S+)$/m.exec(output);
  const answer = await fetch(url);
  assert.equal(answer.status, 200);
  assert.match(await answer.text(), /<tw-console>/);
}

test("a taken port and a port that is none are told, with what to do", async (t) => {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const taken = await start(["--once"], { ...(await ports()), PORT: String(server.address().port) });
  assert.equal(taken.code, 1);
  assert.match(taken.output, /port \d+ is taken; choose another: PORT=\d+ npm start/);
  const same = await start(["--once"], { PORT: "18999", EMULATOR_PORT: "18999" });
  assert.equal(same.code, 1);
  assert.match(same.output, /different ports/);
  const none = await start(["--once"], { PORT: "http" });
  assert.equal(none.code, 1);
  assert.match(none.output, /PORT must be a port/);
});
