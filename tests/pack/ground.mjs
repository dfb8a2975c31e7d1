// What all places stand on: relay and emulator in workerd, origins that may call, sessions.

import { freePort, secret } from "../../scripts/local.mjs";
import { startPair } from "../worker/harness.mjs";

/** As many sites as may be open at once. */
const SITES = 6;

export async function startGround() {
  const ports = [];
  while (ports.length < SITES) ports.push(await freePort());
  const origins = ports.map((port) => `http://127.0.0.1:${port}`);
  const { relay, stop } = await startPair({
    relay: { ALLOWED_ORIGINS: [...origins, "null"].join(), SESSION_SECRETS: `pack:${secret("session")}` },
  });
  return {
    stop,
    settings: () => settings(relay),
    /** Lends a port whose origin may call. */
    lend: () => ports.shift(),
    giveBack: (port) => ports.push(port),
  };
}

/** What one run of the exercise needs: a conversation, and the token for it. */
async function settings({ url, key }) {
  const conversation = secret("case");
  const answer = await fetch(`${url}/sessions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ conversation, scope: "send read" }),
  });
  if (answer.status !== 201) throw new Error(`no token: ${answer.status} ${await answer.text()}`);
  return { relay: url, conversation, token: (await answer.json()).token };
}
