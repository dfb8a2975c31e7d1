// The entry in JavaScript alone, where the page's policy refuses WebAssembly.

import { TicketClient, ticketEvent } from "/npm/ticketwire/js";
import { exercise } from "./exercise.mjs";

const settings = Object.fromEntries(new URLSearchParams(location.search));
console.log(await exercise({ TicketClient, ticketEvent }, settings));
