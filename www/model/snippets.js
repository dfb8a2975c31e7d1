// The same event, sent from elsewhere: lines to copy. The key has a name there, and never stands in them.

/** As a line for a shell. */
export const curlLine = (origin, text) =>
  [
    `curl -i ${origin}/converse/ticket \\`,
    `  -H "Authorization: Bearer $RELAY_KEY" -H 'Content-Type: application/json' \\`,
    `  -d ${quoted(text)}`,
  ].join("\n");

/** As a program. */
export const javascript = (origin, text) => `import { TicketClient } from "ticketwire";

const client = new TicketClient({ baseURL: ${JSON.stringify(origin)}, token: process.env.RELAY_KEY });
await client.send(${text.trim()});`;

/** In single quotes, in which a shell changes nothing. */
const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
