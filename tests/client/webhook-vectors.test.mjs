// The proof of a webhook, as the package checks it: by the vectors that the Rust core goes by.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

const VECTORS = JSON.parse(readFileSync("tests/vectors/webhooks.json", "utf8"));
const SETTINGS = { secret: "secrets", zendesk: "zendeskSecrets", standard: "standardSecrets" };

const builds = {
  import: await import("../../pkg/dist/webhook.js"),
  require: createRequire(import.meta.url)("../../pkg/dist/webhook.cjs"),
};

for (const [how, { webhook }] of Object.entries(builds)) {
  for (const { name, proof, secrets, headers, body, nowMs, code } of VECTORS) {
    test(`${how}: ${name}`, async () => {
      const expected = code ? { ok: false, code } : { ok: true };
      const settings = { [SETTINGS[proof]]: secrets };
      const asBytes = new TextEncoder().encode(body);
      for (const [body_, headers_] of [
        [body, headers],
        [asBytes, new Map(Object.entries(headers))],
      ]) {
        assert.deepEqual(await webhook.verify(body_, headers_, settings, nowMs), expected);
      }
    });
  }
}

test("headers are found whatever their case, and as Node has them", async () => {
  const { webhook } = builds.import;
  const verify = (headers, header) => webhook.verify("{}", headers, { secrets: ["one-secret"], header }, 0);
  assert.deepEqual(await verify({ "X-API-Key": "one-secret" }), { ok: true });
  assert.deepEqual(await verify({ "x-api-key": ["one-secret"] }), { ok: true });
  assert.deepEqual(await verify({ "x-proof": "one-secret" }, "X-Proof"), { ok: true });
  assert.deepEqual(await verify(new Headers({ "x-api-key": "one-secret" })), { ok: true });
});

test("nothing proves anything without a secret, a clock and the bytes", async () => {
  const { webhook } = builds.import;
  const { headers, body, secrets, nowMs } = VECTORS.find(({ name }) => name === "the standard's");
  const right = { standardSecrets: secrets };
  assert.deepEqual(await webhook.verify(body, headers, right, nowMs), { ok: true });
  for (const [settings, more = {}] of [
    [undefined],
    [null],
    [{}],
    [{ secrets: [""] }],
    [{ secrets: ["good-secret", ""] }],
    [{ secrets: "good-secret" }],
    [{ secrets: [undefined] }],
    [{ standardSecrets: "text" }],
    [{ ...right, secrets: ["a"] }],
    [right, { nowMs: NaN }],
    [right, { nowMs: "x" }],
    [right, { body: JSON.parse("{}") }],
    [right, { body: new ArrayBuffer(2) }],
  ]) {
    const all = { body, nowMs, ...more };
    const shown = { ...headers, "x-api-key": "" };
    const verified = webhook.verify(all.body, shown, settings, all.nowMs);
    await assert.rejects(verified, { code: "invalid-options" }, JSON.stringify([settings, more]));
  }
});

test("a secret that can't be one is told, and not repeated", async () => {
  const { webhook } = builds.import;
  const headers = VECTORS.find(({ name }) => name === "the standard's").headers;
  for (const secret of ["", "whsec_", "whsec_CANARY!", "whsec_CANAR"]) {
    await assert.rejects(webhook.verify("{}", headers, { standardSecrets: [secret] }), (error) => {
      assert.equal(error.code, "invalid-options");
      assert.ok(!error.message.includes("CANAR"), error.message);
      return true;
    });
  }
});
