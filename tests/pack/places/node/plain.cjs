// The exercise as a program, by require, without WebAssembly.

const { TicketClient, ticketEvent } = require("ticketwire/js");
const { exercise } = require("./exercise.cjs");

exercise({ TicketClient, ticketEvent }, JSON.parse(process.env.SETTINGS)).then(console.log);
