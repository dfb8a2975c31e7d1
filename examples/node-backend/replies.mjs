// The agent's replies, as the relay sends them on.

import { reply } from "ticketwire";
import { webhook } from "ticketwire/webhook";

/** A CRM puts them into its database; here the last ones are kept until the process ends. */
const MOST = 1000;

export class Replies {
  #secrets;
  #kept = new Map();

  /** `secrets`: each `whsec_…` that is live. */
  constructor(secrets) {
    this.#secrets = secrets;
  }

  /** Takes one, and gives the status to answer. Nothing in it is looked at before its proof. */
  async take(body, headers) {
    const verdict = await webhook.verify(body, headers, { standardSecrets: this.#secrets });
    if (!verdict.ok) return 401;
    const { value } = reply.check(body);
    if (!value) return 400;
    this.#keep(headers["webhook-id"], value);
    return 204;
  }

  /** Every try of a reply has the same id, so it is kept once. */
  #keep(id, { platformConversationId, text, attachments }) {
    this.#kept.set(id, { id, platformConversationId, text, attachments });
    if (this.#kept.size > MOST) this.#kept.delete(this.#kept.keys().next().value);
  }

  list() {
    return [...this.#kept.values()];
  }
}
