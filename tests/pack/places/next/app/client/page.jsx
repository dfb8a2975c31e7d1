"use client";

// A client component, which talks to the relay from the browser.

import { useEffect } from "react";
import { TicketClient, ticketEvent } from "ticketwire";
import { exercise } from "../../exercise.mjs";

export default function Page() {
  useEffect(() => {
    const settings = Object.fromEntries(new URLSearchParams(location.search));
    exercise({ TicketClient, ticketEvent }, settings).then(console.log);
  }, []);
  return <p>See the console.</p>;
}
