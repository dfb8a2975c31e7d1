// Whose memory is measured: relays, and beside them Workers that show how much of it is the platform's.

import { startWorker } from "../../scripts/local.mjs";
import { startRelay } from "../../tests/worker/harness.mjs";
import { bare } from "../bare.mjs";

const relay = (mode) => (persist, variables) =>
  startRelay({ direct: true, persist, variables: { ...variables, DELIVERY: mode } });

const worker = (file, objects) => async (persist, variables) => {
  const config = await bare(new URL(file, import.meta.url), { objects });
  return startWorker(config, { direct: true, persist, variables });
};

/** Each with what starts it; the variables say where the API is. */
export const SUBJECTS = {
  "relay, direct": relay("direct"),
  "relay, durable": relay("durable"),
  "bare Worker, passing on": worker("passing.mjs", {}),
  "bare Worker, storing": worker("storing.mjs", { CONVERSATIONS: "Conversation" }),
};
