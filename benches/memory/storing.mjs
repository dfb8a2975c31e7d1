// A Worker that stores what comes in an object for each conversation, one row each, and does nothing else.

import { DurableObject } from "cloudflare:workers";

export default {
  async fetch(request, { CONVERSATIONS }) {
    const body = await request.text();
    const { platformConversationId } = JSON.parse(body);
    return CONVERSATIONS.getByName(platformConversationId).fetch(request.url, { method: "POST", body });
  },
};

export class Conversation extends DurableObject {
  constructor(state, env) {
    super(state, env);
    state.storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS event (number INTEGER PRIMARY KEY, body TEXT NOT NULL)",
    );
  }

  async fetch(request) {
    this.ctx.storage.sql.exec("INSERT INTO event (body) VALUES (?)", await request.text());
    return new Response();
  }
}
