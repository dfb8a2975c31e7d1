// The exercise in a Worker, which must not compile WebAssembly: its module comes with the deployment.

import { TicketClient, ticketEvent } from "ticketwire";
import { exercise } from "./exercise.mjs";

export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== "/exercise") return new Response("ready");
    return new Response(await exercise({ TicketClient, ticketEvent }, Object.fromEntries(searchParams)));
  },
};
