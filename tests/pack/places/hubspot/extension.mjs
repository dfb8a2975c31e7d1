// An extension, in the worker that HubSpot runs it in.

import { hubspot } from "./hubspot.mjs";
import { TicketClient, ticketEvent } from "/npm/ticketwire";
import { hubspotFetch } from "/npm/ticketwire/hubspot";
import { exercise } from "./exercise.mjs";

const settings = Object.fromEntries(new URLSearchParams(location.search));
postMessage(await exercise({ TicketClient, ticketEvent }, { ...settings, fetch: hubspotFetch(hubspot) }));
