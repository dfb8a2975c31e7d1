// Relay and emulator for a test: both in workerd, on free ports, with secrets of their own.

import assert from "node:assert/strict";
import { freePort, secret, startWorker } from "../../scripts/local.mjs";

export const BOT_ID = "618a30beee4e8e87d2f94015";

/** The example event of the API's reference page, byte for byte. */
export const EXAMPLE =
  '{"platformConversationId":"f15ee8b6-cf3e-4eaf-bf27-507ded70519a","text":"I need to update my shipping address","platform":"PUBLIC_API","metaData":[{"key":"order_id","value":"ABC123","sanitize":true},{"key":"customer_id","value":"user-9742"}]}';

export async function startEmulator({ variables = {}, ...options } = {}) {
  const key = secret("emu");
  const worker = await startWorker("wrangler.emulator.toml", {
    ...options,
    direct: true,
    variables: { EMULATOR_KEY: key, EMULATOR_BOT_ID: BOT_ID, ...variables },
  });
  return { ...worker, key, admin: (path, options) => admin(worker.url, path, options) };
}

async function admin(url, path, { method = "GET", body } = {}) {
  const init =
    body === undefined
      ? { method }
      : { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const response = await fetch(`${url}/__admin${path}`, init);
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

export async function startRelay({ variables = {}, ...options } = {}) {
  const key = secret("relay");
  const worker = await startWorker("wrangler.toml", {
    ...options,
    variables: { RELAY_KEYS: key, BOT_ID, ...variables },
  });
  const send = (body, headers = {}) =>
    fetch(`${worker.url}/converse/ticket`, {
      method: "POST",
      body,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
      ...(body instanceof ReadableStream && { duplex: "half" }),
    });
  const get = (path, headers = {}) =>
    fetch(`${worker.url}${path}`, { headers: { authorization: `Bearer ${key}`, ...headers } });
  return { ...worker, key, send, get };
}

/** Both, wired to each other. */
export async function startPair({
  relay: relayVariables = {},
  emulator: emulatorVariables = {},
  onLog,
} = {}) {
  const webhookSecret = secret("webhook");
  const port = await freePort();
  const emulator = await startEmulator({
    variables: {
      EMULATOR_WEBHOOK_URL: `http://127.0.0.1:${port}/webhooks/ticket`,
      EMULATOR_WEBHOOK_SECRET: webhookSecret,
      ...emulatorVariables,
    },
  });
  const relay = await startRelay({
    port,
    onLog,
    variables: {
      API_BASE_URL: emulator.url,
      API_KEY: emulator.key,
      WEBHOOK_SECRETS: webhookSecret,
      ...relayVariables,
    },
  });
  const stop = () => Promise.all([relay.stop(), emulator.stop()]);
  return { relay, emulator, webhookSecret, stop };
}

/** Asserts a problem document, and gives it. */
export async function problem(answer, status, code) {
  const text = await answer.text();
  assert.equal(answer.status, status, text);
  assert.equal(answer.headers.get("content-type"), "application/problem+json");
  const document = JSON.parse(text);
  assert.equal(document.status, status);
  assert.equal(document.code, code);
  assert.equal(document.type, `urn:ticketwire:problem:${code}`);
  for (const member of ["title", "detail"]) assert.ok(document[member].length > 0, member);
  return document;
}

/** Asks until there is an answer. */
export async function until(what, ask, timeoutMs = 10_000) {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
