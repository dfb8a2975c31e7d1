// A route handler, which talks to the relay on the server.

import { TicketClient, ticketEvent } from "ticketwire";
import { exercise } from "../../exercise.mjs";

export async function GET({ nextUrl }) {
  return new Response(
    await exercise({ TicketClient, ticketEvent }, Object.fromEntries(nextUrl.searchParams)),
  );
}
