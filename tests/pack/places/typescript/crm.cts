// The same package, by require.

import ticketwire = require("ticketwire");
import { TicketClient, ticketEvent, type EventBuilder } from "ticketwire/js";

export const builder: EventBuilder = ticketEvent
  .build("case-1")
  .text("Hello")
  .personal("email", "jo@example.com");
export const client: TicketClient = new TicketClient({ baseURL: "https://relay.example", token: "token" });
export const version: string = ticketwire.VERSION;
