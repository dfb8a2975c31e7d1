// Keeps each event in an object of its conversation until the API has it: the limit of anything that loses
// nothing. What was kept is on the disk before anything leaves the object, by the platform's own promise.

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
    this.sql = state.storage.sql;
    this.sql.exec("CREATE TABLE IF NOT EXISTS event (number INTEGER PRIMARY KEY, body TEXT, status INTEGER)");
  }

  async fetch(request) {
    const { API_BASE_URL, API_KEY, BOT_ID } = this.env;
    const body = await request.text();
    const { number } = this.sql.exec("INSERT INTO event (body) VALUES (?) RETURNING number", body).one();
    const headers = { "content-type": "application/json", authorization: API_KEY, botid: BOT_ID };
    const { status } = await fetch(`${API_BASE_URL}/converse/ticket`, { method: "POST", headers, body });
    this.sql.exec("UPDATE event SET body = NULL, status = ? WHERE number = ?", status, number);
    return new Response(null, { status });
  }
}
