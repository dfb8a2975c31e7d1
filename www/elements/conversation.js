// One conversation: what is about to be said beside what has been said.

import { html, nothing } from "lit";
import { isRefused } from "../model/access.js";
import { Transcript } from "../model/transcript.js";
import { Element } from "./element.js";
import "./compose.js";
import "./faults.js";
import "./timeline.js";

/** The client itself has tried for about a minute by then. */
const AGAIN_MS = 5_000;

class Conversation extends Element {
  static properties = {
    client: { attribute: false },
    emulator: { attribute: false },
    conversation: { attribute: false },
    isMade: { attribute: false },
    transcript: { state: true },
    problem: { state: true },
  };

  #following;
  #after = 0;
  #hasSent = false;

  constructor() {
    super();
    this.addEventListener("sent", ({ detail }) => this.#remember(detail));
  }

  willUpdate(changed) {
    if (changed.has("client") || changed.has("conversation")) this.#open();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#following?.abort();
  }

  #open() {
    this.transcript = new Transcript();
    this.#after = 0;
    this.#hasSent = false;
    this.#follow();
  }

  /** Everything that happens in this conversation, until another is opened; through whatever can be waited out. */
  async #follow() {
    this.#following?.abort();
    const { signal } = (this.#following = new AbortController());
    this.problem = undefined;
    try {
      await this.#listen(signal);
      this.problem = { code: "conversation-deleted", message: "this conversation has been deleted" };
      this.tell("line", "broken");
    } catch (error) {
      if (!signal.aborted) this.#stumble(error, signal);
    }
  }

  async #listen(signal) {
    const { client, conversation, transcript } = this;
    for await (const change of client.changes(conversation, { signal, after: this.#after })) {
      this.#after = change.lastId;
      transcript.apply(change);
      this.#show();
    }
  }

  #stumble(error, signal) {
    this.problem = error;
    this.tell("line", "broken");
    if (isRefused(error)) this.tell("refused", error);
    if (error.retryable) setTimeout(() => signal.aborted || this.#follow(), AGAIN_MS);
  }

  #remember({ receipt, event }) {
    // Another may have been opened meanwhile.
    if (event.platformConversationId !== this.conversation) return;
    this.#hasSent = true;
    this.transcript.remember(receipt.id, event);
    this.#show();
    if (this.problem) this.#follow();
  }

  /** Whoever has sent something here wants to see what comes of it. */
  async #show() {
    const timeline = this.querySelector("tw-timeline");
    timeline?.requestUpdate();
    await timeline?.updateComplete;
    if (this.#hasSent)
      timeline?.querySelector(".timeline > li:last-child")?.scrollIntoView({ block: "nearest" });
  }

  render() {
    return html`
      <div class="columns">
        <tw-compose
          .client=${this.client}
          .conversation=${this.conversation}
          .isMade=${this.isMade}
        ></tw-compose>
        <section aria-labelledby="said">
          <h2 class="hidden" id="said">What has been said</h2>
          ${this.emulator ? html`<tw-faults .emulator=${this.emulator}></tw-faults>` : nothing}
          ${this.problem ? this.#trouble() : nothing}
          <tw-timeline .client=${this.client} .transcript=${this.transcript}></tw-timeline>
        </section>
      </div>
    `;
  }

  #trouble() {
    return html`
      <p class="trouble" role="alert">
        <strong>${this.problem.code}</strong> ${this.problem.message}
        <button @click=${() => this.#follow()}>Connect again</button>
      </p>
    `;
  }
}

customElements.define("tw-conversation", Conversation);
