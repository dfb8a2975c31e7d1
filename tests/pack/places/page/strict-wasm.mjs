// The default entry, where the policy lets WebAssembly through, and no other code.

import { TicketClient, ticketEvent } from "/npm/ticketwire";
import { exercise } from "./exercise.mjs";

const settings = Object.fromEntries(new URLSearchParams(location.search));
console.log(await exercise({ TicketClient, ticketEvent }, settings));
