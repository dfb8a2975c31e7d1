// Load for a relay: who sends, and whom it sends on to, each in a process of its own.

import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { install } from "../../scripts/install.mjs";
import { startChild } from "../child.mjs";
import { FOLDER } from "./place.mjs";

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

/** An event, as `client.mjs` wants its bodies. */
export const EVENT = JSON.stringify({
  platformConversationId: "CONVERSATION",
  text: "I need to update my shipping address",
  platform: "PUBLIC_API",
  metaData: [
    { key: "order_id", value: "ABC123", sanitize: true },
    { key: "customer_id", value: "user-9742" },
  ],
});

/** `send` and `sendOpenly` send, with what `client.mjs` says there is to choose. */
export async function startClient() {
  mkdirSync(FOLDER, { recursive: true });
  copyFileSync(here("package.json"), join(FOLDER, "package.json"));
  await install(FOLDER);
  const { pid, ask, end } = startChild(here("client.mjs"));
  return { pid, send: (load) => ask("send", load), sendOpenly: (load) => ask("sendOpenly", load), end };
}

/** An API that takes every event, until `answer(status)` has it do something else. */
export async function startUpstream() {
  const { pid, ask, end } = startChild(here("upstream.mjs"));
  const url = await ask("start");
  return {
    pid,
    url,
    answer: (status) => ask("answer", { status }),
    reset: () => ask("reset"),
    taken: () => ask("taken"),
    end,
  };
}
