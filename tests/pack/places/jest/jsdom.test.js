/** @jest-environment ./jsdom-with-fetch.js */

const { TicketClient, ticketEvent } = require("ticketwire");
const { exercise } = require("./exercise.cjs");

test("there is nothing to fetch with, nor to decode with, but what the test brings along", () => {
  expect([typeof fetch, typeof Response, typeof TextDecoder]).toEqual(Array(3).fill("undefined"));
});

test("the agent replies", async () => {
  const settings = JSON.parse(process.env.SETTINGS);
  expect(await exercise({ TicketClient, ticketEvent }, { ...settings, fetch: nodeFetch })).toMatch(/^OK/);
}, 20_000);
