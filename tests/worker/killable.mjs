// A relay that can be killed and started again: same folder, same port, same keys.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, secret } from "../../scripts/local.mjs";
import { Service } from "../chaos/service.mjs";
import { BOT_ID, startEmulator } from "./harness.mjs";

const ANSWER_WITHIN_MS = 10_000;
const AGAIN_AFTER_MS = 50;

/** Starts one, beside an emulator that replies to nothing. `variables`: more of the relay's. */
export async function startKillable(t, variables = {}) {
  const folder = mkdtempSync(join(tmpdir(), "ticketwire-"));
  const emulator = await startEmulator();
  const [key, webhookSecret, port] = [secret("relay"), secret("webhook"), await freePort()];
  const service = new Service("wrangler.toml", {
    scratch: join(folder, "scratch"),
    persist: join(folder, "storage"),
    port,
    direct: true,
    variables: {
      RELAY_KEYS: key,
      BOT_ID,
      API_BASE_URL: emulator.url,
      API_KEY: emulator.key,
      WEBHOOK_SECRETS: webhookSecret,
      ...variables,
    },
  });
  t.after(async () => {
    await Promise.all([service.stop(), emulator.stop()]);
    rmSync(folder, { recursive: true, maxRetries: 5 });
  });
  const url = await service.start();
  const post = (path, body, headers = {}) =>
    fetch(`${url}${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
  const reply = (body) => post(`/webhooks/ticket/${webhookSecret}`, body);
  return { url, key, webhookSecret, service, post, reply };
}

/** Sends something again and again, until it is answered with 200 or 202: how often it was sent. */
export async function persist(send) {
  for (let tries = 1; ; tries += 1) {
    const answer = await send().catch(() => undefined);
    if (answer?.status === 200 || answer?.status === 202) return tries;
    if (answer?.status < 500) throw new Error(`refused with ${answer.status}: ${await answer.text()}`);
    await sleep(AGAIN_AFTER_MS);
  }
}

/** All that is kept of a conversation, page by page. */
export async function transcript({ url, key }, path) {
  const all = [];
  for (let after = 0; after !== undefined;) {
    const query = new URLSearchParams({ after, limit: "100" });
    const answer = await fetch(`${url}${path}?${query}`, { headers: { authorization: `Bearer ${key}` } });
    const { entries, nextAfter } = await answer.json();
    all.push(...entries);
    after = nextAfter;
  }
  return all;
}
