// A HubSpot UI extension, which sends through `hubspot.fetch`.

export const rows = [
  {
    name: "HubSpot extension, in a worker",
    loads: "ticketwire/hubspot",
    browser: true,
    run: async ({ site, visit }) => visit(`${await site()}/card.html`),
  },
];
