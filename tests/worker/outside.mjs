// All that stands around a relay, under a witness: those who call it, the API, the CRM, its disk.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../scripts/local.mjs";
import { CALLER, KIDS, ORIGIN, SECRETS, canaries, make } from "./customers.mjs";
import { startEmulator, startRelay } from "./harness.mjs";
import { Witness } from "./witness.mjs";

/** Starts everything but the relays. `crmStatus`: what the CRM answers to a body. */
export async function startOutside({ crmStatus, otherBot }) {
  const witness = new Witness(canaries);
  const folder = mkdtempSync(join(tmpdir(), "ticketwire-"));
  const port = await freePort();
  const running = new Set();
  const started = async (starting) => {
    const one = await starting;
    running.add(one);
    return { ...one, stop: () => running.delete(one) && one.stop() };
  };
  const emulator = await started(startAgent(port, otherBot));
  const outside = { witness, folder, emulator, issues: new Set(), apiStatus: undefined };
  const answer = (call) =>
    outside.apiStatus === undefined ? passOn(emulator, call) : echo("API's answer", outside.apiStatus, call);
  const api = await started(witness.startOther("API", answer));
  const crm = await started(
    witness.startOther("CRM", (call) => echo("CRM's answer", crmStatus(call.body), call)),
  );
  const start = (name, variables) =>
    started(
      startRelay({
        port: name === "durable" ? port : 0,
        persist: join(folder, name),
        onLog: (line) => witness.see("log", line, name),
        variables: { ...settings(api, crm, emulator), DELIVERY: name, ...variables },
      }),
    );
  const stop = async () => {
    await Promise.all([...running].map((one) => one.stop()));
    rmSync(folder, { recursive: true });
  };
  return Object.assign(outside, {
    start: async (...args) => caller(outside, args[0], await start(...args)),
    stop,
  });
}

async function startAgent(port, otherBot) {
  const key = `emu_${make("API key")}`;
  const emulator = await startEmulator({
    variables: {
      EMULATOR_KEY: key,
      EMULATOR_WEBHOOK_URL: `http://127.0.0.1:${port}/webhooks/ticket`,
      EMULATOR_WEBHOOK_SECRET: SECRETS.webhook[1],
    },
  });
  await emulator.admin(`/bots/${otherBot}`, { method: "PUT", body: { customCrm: true } });
  const replies = [{ text: make("reply's text") }, { text: make("reply's text") }];
  const script = { rules: [], fallback: { replies } };
  assert.equal((await emulator.admin("/script", { method: "PUT", body: script })).status, 200);
  return { ...emulator, key };
}

const settings = (api, crm, emulator) => ({
  RELAY_KEYS: SECRETS.relay.join(),
  API_BASE_URL: api.url,
  API_KEY: emulator.key,
  API_TIMEOUT_MS: "3000",
  WEBHOOK_SECRETS: SECRETS.webhook.join(),
  WEBHOOK_ZENDESK_SECRETS: SECRETS.zendesk.join(),
  WEBHOOK_STANDARD_SECRETS: SECRETS.standard.join(),
  ONWARD_URL: `${crm.url}/replies`,
  ONWARD_SECRETS: SECRETS.onward.join(" "),
  SESSION_SECRETS: SECRETS.session.map((secret, at) => `${KIDS[at]}:${secret}`).join(),
  ALLOWED_ORIGINS: ORIGIN,
  STREAM_SECONDS: "3",
});

/** An answer that repeats all that came, and says something of its own. */
function echo(kind, status, { incoming, body }) {
  const own = make(kind);
  const all = incoming.rawHeaders.join(" ");
  const headers = {
    "x-echo": `${all} ${own}`,
    "set-cookie": own,
    "retry-after": own,
    "www-authenticate": own,
    location: `http://127.0.0.1:1/${own}`,
  };
  return { status, headers, text: `${all} ${body} ${own}` };
}

/** Passes on to the emulator what the relay has sent, and answers, or closes, as that does. */
function passOn(emulator, { incoming, response, body }) {
  const { method, headers } = incoming;
  return new Promise((resolve, reject) => {
    const outgoing = request(`${emulator.url}${incoming.url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response).on("finish", resolve);
    });
    response.on("close", () => outgoing.destroy());
    outgoing.on("error", reject).end(body);
  });
}

/** How a relay is spoken to, by either of its keys. */
function caller(outside, name, relay) {
  const { witness, issues } = outside;
  const authorized = (at = 0) => ({ authorization: `Bearer ${SECRETS.relay[at]}` });
  const ask = async (path, { headers = {}, ...options } = {}) => {
    const all = { ...CALLER, ...headers };
    const answer = await witness.ask(`${relay.url}${path}`, { ...options, headers: all });
    const document = answer.status >= 400 && answer.text ? JSON.parse(answer.text) : {};
    for (const { code } of document.errors ?? document.body?.errors ?? []) issues.add(code);
    return answer;
  };
  const post = (path, body, headers) => ask(path, { method: "POST", body, headers });
  const call = (path, { headers, ...rest }, around) =>
    ask("/calls", {
      method: "POST",
      headers: around,
      body: JSON.stringify({ path, headers: { ...authorized(), ...headers }, ...rest }),
      called: path,
    });
  return {
    name,
    outside,
    url: relay.url,
    stop: relay.stop,
    ask,
    post,
    call,
    get: (path, headers) => ask(path, { headers: { ...authorized(), ...headers } }),
    act: (method, path, body) =>
      ask(path, { method, headers: { ...authorized(1), "content-type": "application/json" }, body }),
    send: (body, headers) =>
      post("/converse/ticket", body, {
        ...authorized(),
        "content-type": "application/json",
        ...headers,
      }),
  };
}
