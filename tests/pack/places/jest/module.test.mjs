import { TicketClient, ticketEvent } from "ticketwire";
import { exercise } from "./exercise.mjs";

test("the agent replies", async () => {
  const settings = JSON.parse(process.env.SETTINGS);
  expect(await exercise({ TicketClient, ticketEvent }, settings)).toMatch(/^OK/);
}, 20_000);
