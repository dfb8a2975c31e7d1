// The exercise as a program, by require.

const { TicketClient, ticketEvent } = require("ticketwire");
const { exercise } = require("./exercise.cjs");

exercise({ TicketClient, ticketEvent }, JSON.parse(process.env.SETTINGS)).then(console.log);
