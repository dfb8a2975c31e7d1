const { TicketClient, ticketEvent } = require("ticketwire");
const { exercise } = require("./exercise.cjs");

test("the agent replies", async () => {
  const settings = JSON.parse(process.env.SETTINGS);
  expect(await exercise({ TicketClient, ticketEvent }, settings)).toMatch(/^OK/);
}, 20_000);
