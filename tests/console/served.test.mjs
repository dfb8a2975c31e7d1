// The console is served where it is switched on, under a policy of its own; beside the emulator, and to nobody else.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { problem, startEmulator, startPair, startRelay } from "../worker/harness.mjs";

describe("the console's files", () => {
  let pair;
  before(async () => (pair = await startPair({ relay: { CONSOLE: "on" } })));
  after(() => pair?.stop());

  test("are served with a policy that lets in nothing else", async () => {
    const answer = await fetch(`${pair.relay.url}/console/`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get("content-type"), /^text\/html/);
    const policy = answer.headers.get("content-security-policy");
    for (const rule of [
      "default-src 'none'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "frame-ancestors 'none'",
    ])
      assert.ok(policy.includes(rule), rule);
    assert.ok(policy.includes(`connect-src 'self' ${pair.emulator.url};`));
    assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|\*/);
    for (const name of ["x-content-type-options", "referrer-policy", "strict-transport-security"])
      assert.ok(answer.headers.has(name), name);
  });

  test("are few, and found from /console too", async () => {
    const moved = await fetch(`${pair.relay.url}/console`, { redirect: "manual" });
    assert.equal(moved.status, 308);
    assert.equal(new URL(moved.headers.get("location"), pair.relay.url).pathname, "/console/");
    assert.equal((await fetch(`${pair.relay.url}/console/nothing.js`)).status, 404);
    assert.equal((await fetch(`${pair.relay.url}/console/console.js`)).status, 200);
    assert.equal((await fetch(`${pair.relay.url}/console.js`)).status, 404);
  });

  test("do not stand in the way of the relay's routes", async () => {
    await problem(await fetch(`${pair.relay.url}/consoles`), 404, "no-such-route");
    assert.equal((await fetch(`${pair.relay.url}/health`)).status, 200);
  });

  test("are not served unless that is asked for, and a misspelt wish is told", async (t) => {
    for (const CONSOLE of ["off", "", "yes"]) {
      const relay = await startRelay({ variables: { CONSOLE } });
      t.after(() => relay.stop());
      await problem(await fetch(`${relay.url}/console/`), 404, "no-such-route");
      const { settings } = await (await relay.get("/ready")).json();
      assert.equal(
        settings.some(({ setting }) => setting === "CONSOLE"),
        CONSOLE === "yes",
      );
    }
  });

  test("name the emulator, and no API that is not on this machine", async (t) => {
    const settings = async (url) => (await fetch(`${url}/console/settings.json`)).json();
    assert.deepEqual(await settings(pair.relay.url), { emulator: pair.emulator.url });
    const relay = await startRelay({ variables: { CONSOLE: "on", API_BASE_URL: "eu" } });
    t.after(() => relay.stop());
    assert.deepEqual(await settings(relay.url), { emulator: null });
  });
});

test("the emulator's own routes are for pages of this machine alone", async (t) => {
  const emulator = await startEmulator();
  t.after(() => emulator.stop());
  const ask = (origin, method = "GET", path = "/__admin/faults") =>
    fetch(`${emulator.url}${path}`, { method, headers: { origin } });
  for (const origin of ["http://127.0.0.1:8787", "http://localhost:1", "http://[::1]:9"]) {
    const answer = await ask(origin);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("access-control-allow-origin"), origin);
    const question = await ask(origin, "OPTIONS");
    assert.equal(question.status, 204);
    assert.match(question.headers.get("access-control-allow-methods"), /DELETE/);
  }
  for (const origin of [
    "https://evil.example",
    "null",
    "http://127.0.0.1.evil.example",
    "http://localhost.evil.example",
  ]) {
    const answer = await ask(origin, "DELETE");
    assert.equal(answer.status, 403);
    assert.equal((await answer.json()).error.code, "foreign-page");
    assert.equal(answer.headers.get("access-control-allow-origin"), null);
  }
  assert.equal((await fetch(`${emulator.url}/__admin/faults`)).status, 200);
});
