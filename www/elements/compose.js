// Composes an event: as a form and as JSON, each showing what the other says, checked at every key.

import { html, nothing } from "lit";
import { Draft } from "../model/draft.js";
import { emptyEvent, exampleEvent, newConversation, newKey } from "../model/example.js";
import { fieldOf, findingsOf, remedyOf } from "../model/findings.js";
import { Element } from "./element.js";
import { describes, findings } from "./findings.js";
import "./json.js";
import "./snippets.js";
import "./variables.js";

const VISITED = "ticketwire.visited";

/** Who types a name has not yet come to its end. */
const TYPING_MS = 400;

class Compose extends Element {
  static properties = {
    client: { attribute: false },
    conversation: { attribute: false },
    isMade: { attribute: false },
    draft: { state: true },
    isSending: { state: true },
    failure: { state: true },
  };

  #typing;
  /** What was last tried, and its key: the same once more is the same event. */
  #tried = {};

  constructor() {
    super();
    this.addEventListener("draft", ({ detail }) => this.#take(detail));
  }

  willUpdate(changed) {
    if (!changed.has("conversation") || this.draft?.at("platformConversationId") === this.conversation)
      return;
    // An example is nothing for a conversation that somebody has.
    const begin = this.isMade && !sessionStorage.getItem(VISITED) ? exampleEvent : emptyEvent;
    this.draft = this.draft?.isReadable
      ? this.draft.with(["platformConversationId"], this.conversation)
      : Draft.of(begin(this.conversation));
  }

  /** The pointers that something is shown at. */
  get #fields() {
    const variables = this.draft.at("metaData");
    const rows = Array.isArray(variables) ? variables.length : 0;
    const members = ["", "/key", "/value", "/sanitize"];
    const rowFields = Array.from({ length: rows }, (_, row) =>
      members.map((name) => `/metaData/${row}${name}`),
    );
    return new Set(["/platformConversationId", "/text", "/platform", "/metaData", ...rowFields.flat()]);
  }

  #take(draft) {
    this.draft = draft;
    this.failure = undefined;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#follow(), TYPING_MS);
  }

  /** The other half of the page shows the conversation that is meant here. */
  #follow() {
    const conversation = this.draft.value?.platformConversationId;
    if (this.isConnected && conversation && conversation !== this.conversation)
      this.tell("go", { conversation });
  }

  async #send(submitted) {
    submitted.preventDefault();
    const { draft } = this;
    const { value, text } = draft;
    if (!value || this.isSending) return;
    this.#follow();
    this.isSending = true;
    this.failure = undefined;
    try {
      if (this.#tried.text !== text) this.#tried = { text, key: newKey() };
      const receipt = await this.client.send(value, { idempotencyKey: this.#tried.key });
      this.#tried = {};
      this.tell("sent", { receipt, event: value });
      sessionStorage.setItem(VISITED, "yes");
      // What has been typed meanwhile stays.
      if (this.draft === draft) this.draft = Draft.of(emptyEvent(value.platformConversationId));
    } catch (error) {
      this.failure = error;
    }
    this.isSending = false;
  }

  render() {
    const fields = this.#fields;
    const found = findingsOf(this.draft);
    const byField = Map.groupBy(found, ({ pointer }) => fieldOf(pointer, fields));
    const at = (field) => byField.get(field) ?? [];
    const shown = (field) => findings(field, at(field), this.#remedy, (draft) => this.tell("draft", draft));
    const isWrong = (field) => at(field).some(({ isIssue }) => isIssue);
    return html`
      <form class="card compose" aria-labelledby="compose" @submit=${this.#send} @keydown=${stay}>
        <h2 class="hidden" id="compose">Compose an event</h2>
        <fieldset ?disabled=${!this.draft.isReadable}>
          <legend class="hidden">The event</legend>
          ${this.#conversationField(shown, isWrong)} ${this.#textField(shown, isWrong)}
          <tw-variables .draft=${this.draft} .shown=${shown} .isWrong=${isWrong}></tw-variables>
          ${this.draft.at("platform") === undefined ? nothing : this.#platformField(shown, isWrong)}
        </fieldset>
        ${shown("")}
        ${this.draft.omitted ? html`<p class="note">and ${this.draft.omitted} more issues</p>` : nothing}
        <div class="actions">
          <button class="main" ?disabled=${!this.draft.value || this.isSending}>
            ${this.isSending ? "Sending …" : "Send"}
          </button>
          <output role="status">${this.#summary()}</output>
        </div>
        ${this.failure ? this.#failure() : nothing}
        <tw-json .draft=${this.draft} .found=${found}></tw-json>
        <tw-snippets .text=${this.draft.text}></tw-snippets>
      </form>
    `;
  }

  #remedy = (finding) => remedyOf(this.draft, finding, newConversation);

  #conversationField(shown, isWrong) {
    return html`
      <div class="field">
        <label for="conversation">Conversation</label>
        <div class="with-button">
          ${this.#input("conversation", "platformConversationId", isWrong)}
          <button type="button" @click=${() => this.#set("platformConversationId", newConversation())}>
            New
          </button>
        </div>
        ${shown("/platformConversationId")}
      </div>
    `;
  }

  #textField(shown, isWrong) {
    return html`
      <div class="field">
        <label for="text">Text</label>
        <textarea
          id="text"
          rows="3"
          dir="auto"
          aria-describedby=${describes("/text")}
          aria-invalid=${isWrong("/text")}
          .value=${asText(this.draft.at("text"))}
          @input=${({ target }) => this.#set("text", target.value)}
        ></textarea>
        ${shown("/text")}
      </div>
    `;
  }

  #platformField(shown, isWrong) {
    return html`
      <div class="field">
        <label for="platform">Platform</label>
        ${this.#input("platform", "platform", isWrong)} ${shown("/platform")}
      </div>
    `;
  }

  #input(id, member, isWrong) {
    return html`<input
      id=${id}
      autocomplete="off"
      spellcheck="false"
      aria-describedby=${describes(`/${member}`)}
      aria-invalid=${isWrong(`/${member}`)}
      .value=${asText(this.draft.at(member))}
      @input=${({ target }) => this.#set(member, target.value)}
    />`;
  }

  #set(member, value) {
    this.tell("draft", this.draft.with([member], value));
  }

  #summary() {
    const { issues, warnings, omitted, isReadable } = this.draft;
    const count = issues.length + omitted;
    if (!isReadable) return "The form can’t read this: mend the JSON below";
    if (count > 0) return `${count} to mend`;
    return warnings.length > 0 ? `Can go; ${warnings.length} to look at` : "Can go";
  }

  #failure() {
    const { code, message, requestId } = this.failure;
    return html`
      <p class="trouble" role="alert">
        <strong>${code}</strong> ${message}${requestId ? html` <code>${requestId}</code>` : nothing}
      </p>
    `;
  }
}

/** Enter in a field of one line is no wish to send. */
function stay(pressed) {
  if (pressed.key === "Enter" && pressed.target.localName === "input") pressed.preventDefault();
}

/** What a field shows of a value that may be of any kind. */
const asText = (value) => (typeof value === "string" ? value : "");

customElements.define("tw-compose", Compose);
