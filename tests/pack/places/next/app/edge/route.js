// A route handler in Next's edge runtime, which refuses WebAssembly.

import { TicketClient, ticketEvent } from "ticketwire/js";
import { exercise } from "../../exercise.mjs";

export const runtime = "edge";

export async function GET({ nextUrl }) {
  return new Response(
    await exercise({ TicketClient, ticketEvent }, Object.fromEntries(nextUrl.searchParams)),
  );
}
