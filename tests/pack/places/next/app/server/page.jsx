// A server component: what it says is in the page when that arrives.

import { TicketClient, ticketEvent } from "ticketwire";
import { exercise } from "../../exercise.mjs";

export default async function Page({ searchParams }) {
  return <pre>{await exercise({ TicketClient, ticketEvent }, await searchParams)}</pre>;
}
