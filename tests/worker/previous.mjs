// Folders as earlier schemas of the relay wrote them.

import { readFileSync } from "node:fs";
import { Miniflare } from "miniflare";
import { BOT_ID } from "./harness.mjs";
import { objectName } from "./names.mjs";

/** The statements that made a conversation's tables, by the number of the schema. */
const SCHEMAS = JSON.parse(readFileSync(new URL("schemas.json", import.meta.url)));

/** The Worker of then, as far as it wrote: its objects store what they are told. */
const WORKER = `
import { DurableObject } from "cloudflare:workers";
export class Conversation extends DurableObject {
  async fetch(request) {
    const { statements, alarmMs } = await request.json();
    for (const [statement, ...values] of statements) this.ctx.storage.sql.exec(statement, ...values).toArray();
    if (alarmMs) this.ctx.storage.setAlarm(alarmMs);
    return new Response();
  }
  alarm() {}
}
export default {
  fetch(request, env) {
    const name = new URL(request.url).pathname.slice(1);
    return env.CONVERSATIONS.getByName(name).fetch(request);
  },
};`;

/**
 * Writes a folder as this schema had it: of each of these conversations, an entry that has passed,
 * and from schema 2 on, two events that wait. `alarmMs` gives the time of each one's alarm.
 */
export async function writeFolder(folder, schema, conversations, { alarmMs = () => undefined } = {}) {
  const name = "ticketwire";
  const miniflare = new Miniflare({
    telemetry: { enabled: false },
    resourcePersistencePath: folder,
    workers: [
      {
        config: {
          name,
          compatibilityDate: "2026-10-01",
          manifest: {
            mainModule: "worker.js",
            modulesRoot: process.cwd(),
            modules: { "worker.js": { type: "esm", contents: WORKER } },
          },
          env: {
            CONVERSATIONS: { type: "durable-object", worker: name, exportName: "Conversation" },
          },
          exports: { Conversation: { type: "durable-object", storage: "sqlite" } },
        },
        dev: { rootPath: process.cwd() },
      },
    ],
  });
  try {
    const { origin } = await miniflare.ready;
    for (const [index, id] of conversations.entries()) {
      const statements = [...tables(schema), ...rows(schema, id)];
      const body = JSON.stringify({ statements, alarmMs: alarmMs(index) });
      const answer = await fetch(`${origin}/${objectName(id)}`, { method: "POST", body });
      if (!answer.ok) throw new Error(await answer.text());
    }
  } finally {
    await miniflare.dispose();
  }
}

function tables(schema) {
  const statements = SCHEMAS.slice(0, schema).flatMap((step, number) => [
    ...step.map((statement) => [statement]),
    ["INSERT INTO migration (number) VALUES (?)", number],
  ]);
  return [["CREATE TABLE migration (number INTEGER PRIMARY KEY)"], ...statements];
}

function rows(schema, id) {
  const now = Date.now();
  const passed = JSON.stringify({ text: "passed", platform: "PUBLIC_API" });
  if (schema === 1) {
    return [["INSERT INTO entry (at_ms, direction, body) VALUES (?, 'event', ?)", now, passed]];
  }
  const entry = "INSERT INTO entry (seq, at_ms, direction, done_ms) VALUES (?, ?, 'event', ?)";
  const words = "INSERT INTO words (id, text) VALUES (?, ?)";
  const waiting = (seq, text) => {
    const body = JSON.stringify({ platformConversationId: id, text, platform: "PUBLIC_API" });
    return [
      [entry, seq, now, null],
      [words, 2 * seq, JSON.stringify({ text, platform: "PUBLIC_API" })],
      [words, 2 * seq + 1, body],
      [
        `INSERT INTO delivery (seq, version, state, state_ms, accepted_ms, since_ms, tries, failures, bytes)
         VALUES (?, 1, 'pending', ?, ?, ?, 0, 0, ?)`,
        ...[seq, now, now, now, body.length],
      ],
    ];
  };
  return [
    [entry, 1, now, now],
    [words, 2, passed],
    ["INSERT INTO identity (only, bot_id, conversation_id, is_default) VALUES (1, ?, ?, 1)", BOT_ID, id],
    ...waiting(2, "first"),
    ...waiting(3, "second"),
  ];
}
