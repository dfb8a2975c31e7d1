// A Zendesk app, which sends through `client.request()`.

export const rows = [
  {
    name: "Zendesk app",
    loads: "ticketwire/zendesk",
    browser: true,
    run: async ({ site, visit }) => visit(`${await site()}/app.html`),
  },
];
