// The page: a form, and what has been said.

import { TicketClient, TicketwireError, init } from "ticketwire";
import { show } from "./bubbles.js";
import { Form } from "./form.js";
import { tokenFor } from "./token.js";

const conversation = new URLSearchParams(location.search).get("case") ?? "case-4711";
const baseURL = import.meta.env.VITE_RELAY_URL ?? "http://127.0.0.1:8787";
const client = new TicketClient({ baseURL, token: tokenFor(conversation) });
const problem = document.getElementById("problem");

const form = new Form(document.getElementById("form"), conversation, send);
init().then(() => form.check(), tell);
follow().catch(tell);

/** Everything that is said here, by whomever, from the beginning. */
async function follow() {
  for await (const change of client.changes(conversation)) show(change);
}

async function send(event) {
  problem.value = "";
  try {
    await client.send(event);
    form.clear();
  } catch (error) {
    tell(error);
  }
}

function tell(error) {
  problem.value = error instanceof TicketwireError ? `${error.code}: ${error.message}` : String(error);
}
