// The exercise in a page, whose bundler finds the package.

import { TicketClient, ticketEvent } from "ticketwire";
import { exercise } from "./exercise.mjs";

const settings = Object.fromEntries(new URLSearchParams(location.search));
exercise({ TicketClient, ticketEvent }, settings).then(console.log);
