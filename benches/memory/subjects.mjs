// Whose memory is measured: relays, and beside them Workers that show how much of it is the platform's.

import { startWorker } from "../../scripts/local.mjs";
import { startRelay } from "../../tests/worker/harness.mjs";
import { bare } from "../bare.mjs";

const relay = (mode) => (variables) =>
  startRelay({ direct: true, variables: { ...variables, DELIVERY: mode } });

async function worker(file, objects, variables) {
  const config = await bare(new URL(file, import.meta.url), { objects });
  return startWorker(config, { direct: true, variables });
}

/** Each with what starts it; the variables say where the API is. */
export const SUBJECTS = {
  "relay, direct": relay("direct"),
  "relay, durable": relay("durable"),
  "bare Worker, passing on": (variables) => worker("passing.mjs", {}, variables),
  "bare Worker, storing": (variables) => worker("storing.mjs", { CONVERSATIONS: "Conversation" }, variables),
};
