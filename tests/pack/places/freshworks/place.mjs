// A Freshworks app, which sends through one request template.

export const rows = [
  {
    name: "Freshworks app",
    loads: "ticketwire/freshworks",
    browser: true,
    run: async ({ site, visit }) => visit(`${await site()}/app.html`),
  },
];
