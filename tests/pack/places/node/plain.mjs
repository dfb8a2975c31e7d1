// The exercise as a program, by import, without WebAssembly.

import process from "node:process";
import { TicketClient, ticketEvent } from "ticketwire/js";
import { exercise } from "./exercise.mjs";

console.log(await exercise({ TicketClient, ticketEvent }, JSON.parse(process.env.SETTINGS)));
