// `npm start`: relay, emulator and console on this machine, and the whole way of an event through all of it.
//
//   npm start              keeps running until Ctrl-C
//   npm start -- --once    ends with 0 once the agent's reply has been seen
//
// PORT sets the relay's port (8787), EMULATOR_PORT the emulator's (the one behind it). ALLOWED_ORIGINS,
// ONWARD_URL and ONWARD_SECRETS are the relay's own settings, and go to it as they are.

import { build } from "./build.mjs";
import { isFree, startWorker } from "./local.mjs";

// For this machine alone. They are in the open on purpose: nothing but the emulator takes them.
const BOT_ID = "618a30beee4e8e87d2f94015";
const RELAY_KEY = "relay_key_for_this_machine_only";
const API_KEY = "emu_key_for_this_machine_only";
const WEBHOOK_SECRET = "webhook_secret_for_this_machine_only";
const SESSION_SECRET = "session_secret_for_this_machine_only";

// The example of the API's reference page.
const CONVERSATION = "f15ee8b6-cf3e-4eaf-bf27-507ded70519a";
const EVENT = JSON.stringify({
  platformConversationId: CONVERSATION,
  text: "I need to update my shipping address",
  platform: "PUBLIC_API",
  metaData: [
    { key: "order_id", value: "ABC123", sanitize: true },
    { key: "customer_id", value: "user-9742" },
  ],
});

const PASSED_ON = ["ALLOWED_ORIGINS", "ONWARD_URL", "ONWARD_SECRETS"];
const REPLY_WITHIN_MS = 15_000;

const unknown = process.argv.slice(2).find((argument) => argument !== "--once");
if (unknown) {
  console.error(`npm start: ${unknown} is not known; there is only --once`);
  process.exit(2);
}
const once = process.argv.includes("--once");
const running = [];

try {
  const ports = await choosePorts();
  for (const name of ["relay", "emulator", "console"]) await build(name);
  const [relay, emulator] = await startBoth(ports);
  await showExchange(relay);
  if (once) {
    await stop();
  } else {
    // Until a signal: Miniflare then ends both Workers, and this process behind them.
    showWhatNext(relay, emulator);
  }
} catch (error) {
  console.error(`\nnpm start: ${error.message}`);
  process.exitCode = 1;
  await stop();
}

async function choosePorts() {
  const relay = portFrom("PORT", 8787);
  const emulator = portFrom("EMULATOR_PORT", relay < 65_535 ? relay + 1 : relay - 1);
  if (relay === emulator)
    throw new Error(`PORT and EMULATOR_PORT are both ${relay}; give them different ports`);
  for (const [name, port] of Object.entries({ PORT: relay, EMULATOR_PORT: emulator })) {
    if (!(await isFree(port))) {
      throw new Error(`port ${port} is taken; choose another: ${name}=${port + 10} npm start`);
    }
  }
  return { relay, emulator };
}

function portFrom(name, otherwise) {
  const text = process.env[name] ?? String(otherwise);
  const port = Number(text);
  if (/^\d+$/.test(text) && port > 0 && port < 65_536) return port;
  throw new Error(`${name} must be a port, a number from 1 to 65535`);
}

async function startBoth(ports) {
  const webhook = `http://127.0.0.1:${ports.relay}/webhooks/ticket`;
  const emulator = await start("wrangler.emulator.toml", ports.emulator, {
    EMULATOR_KEY: API_KEY,
    EMULATOR_BOT_ID: BOT_ID,
    EMULATOR_WEBHOOK_URL: webhook,
    EMULATOR_WEBHOOK_SECRET: WEBHOOK_SECRET,
  });
  const relay = await start("wrangler.toml", ports.relay, {
    RELAY_KEYS: RELAY_KEY,
    API_BASE_URL: emulator,
    API_KEY,
    BOT_ID,
    WEBHOOK_SECRETS: WEBHOOK_SECRET,
    SESSION_SECRETS: `local:${SESSION_SECRET}`,
    CONSOLE: "on",
    ...Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name] ?? ""])),
  });
  const ready = await fetch(`${relay}/ready`);
  if (!ready.ok) throw new Error(`the relay is not ready: ${await ready.text()}`);
  return [relay, emulator];
}

async function start(config, port, variables) {
  // The emulator closes connections where a fault asks for it, and needs them for itself.
  const direct = config === "wrangler.emulator.toml";
  const worker = await startWorker(config, { port, variables, direct, onLog: show, rateLimit: true });
  running.push(worker);
  return worker.url;
}

/** Shows what a Worker wrote, but for the runtime's notes to its own makers. */
function show(line) {
  if (!line.includes("NOSENTRY")) console.log(`  | ${line}`);
}

async function stop() {
  await Promise.all(running.splice(0).map((worker) => worker.stop()));
}

async function showExchange(relay) {
  console.log(`\n→ POST ${relay}/converse/ticket\n  ${EVENT}`);
  const answer = await fetch(`${relay}/converse/ticket`, {
    method: "POST",
    headers: { authorization: `Bearer ${RELAY_KEY}`, "content-type": "application/json" },
    body: EVENT,
  });
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(`the relay answered ${answer.status}: ${body}`);
  console.log(`← 200, ${body === "" ? "empty" : body}: the API has the event`);
  const reply = await firstReply(relay);
  console.log(`← the agent's reply, by webhook:\n  “${reply.text}”`);
}

/** The first reply in the conversation. */
async function firstReply(relay) {
  const end = Date.now() + REPLY_WITHIN_MS;
  while (Date.now() < end) {
    const answer = await fetch(`${relay}/conversations/${CONVERSATION}`, {
      headers: { authorization: `Bearer ${RELAY_KEY}` },
    });
    const { entries = [] } = await answer.json();
    const found = entries.find((entry) => entry.reply);
    if (found) return found.reply;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(
    `no reply came within ${REPLY_WITHIN_MS / 1000} s; the emulator's journal says why: /__admin/journal`,
  );
}

function showWhatNext(relay, emulator) {
  console.log(`
Console    ${relay}/console/#key=${RELAY_KEY}
Relay      ${relay}
Emulator   ${emulator}   (what it received: ${emulator}/__admin/journal)
Key        ${RELAY_KEY}

Open the console, or try next:

curl -i ${relay}/converse/ticket \\
  -H 'Authorization: Bearer ${RELAY_KEY}' -H 'Content-Type: application/json' \\
  -d '{"platformConversationId":"case-1","text":"Where is my order?"}'

curl -N ${relay}/conversations/case-1/stream -H 'Authorization: Bearer ${RELAY_KEY}'

Ctrl-C stops both.`);
}
