// The whole page: who looks, where they are, and what they see there.

import { html, nothing } from "lit";
import { TicketClient } from "ticketwire";
import { heldKey, holdKey } from "../model/access.js";
import { Emulator } from "../model/emulator.js";
import { newConversation } from "../model/example.js";
import { hashOf, placeOf } from "../model/place.js";
import { Element } from "./element.js";
import "./conversation.js";
import "./emulator.js";
import "./operate.js";
import "./sign-in.js";

const VIEWS = { conversation: "Conversation", operate: "Operate", emulator: "Emulator" };

class Console extends Element {
  static properties = {
    place: { state: true },
    client: { state: true },
    emulator: { state: true },
    line: { state: true },
    refusal: { state: true },
  };

  constructor() {
    super();
    this.line = "";
    addEventListener("hashchange", () => this.#arrive());
    this.addEventListener("signed-in", ({ detail }) => this.#enter(detail));
    this.addEventListener("refused", ({ detail }) => this.#leave(detail));
    this.addEventListener("go", ({ detail }) => this.#go(detail));
    this.addEventListener("line", ({ detail }) => (this.line = detail));
    this.#arrive();
    this.#findEmulator();
  }

  /** An address may bring a key along: it is taken out of sight at once. */
  #arrive() {
    const { key, ...place } = placeOf(location.hash);
    if (key) holdKey(key);
    if (!place.conversation) this.made = newConversation();
    this.place = { ...place, conversation: place.conversation ?? this.made };
    if (hashOf(this.place) !== location.hash) history.replaceState(null, "", hashOf(this.place));
    if (heldKey() && (key || !this.client)) this.#open(heldKey());
  }

  #enter(key) {
    holdKey(key);
    this.#open(key);
  }

  /** A key that can't be one is refused before anybody is asked. */
  #open(key) {
    try {
      this.client = this.#clientOf(key);
    } catch (error) {
      this.#leave(error);
    }
  }

  #leave(refusal) {
    holdKey();
    this.client = undefined;
    this.refusal = refusal;
  }

  #clientOf(key) {
    const told = ({ route }, line) => route === "follow" && (this.line = line);
    return new TicketClient({
      baseURL: location.origin,
      token: key,
      hooks: {
        onResponse: (call) => told(call, call.status === 200 ? "live" : "reconnecting"),
        onRetry: (call) => told(call, "reconnecting"),
      },
    });
  }

  /** As it is typed, so the way back does not lead through every letter. */
  #go(detail) {
    this.place = { ...this.place, ...detail };
    history.replaceState(null, "", hashOf(this.place));
  }

  /** Whether an emulator stands behind the relay: then it can be played with. */
  async #findEmulator() {
    try {
      const { emulator } = await (await fetch("settings.json")).json();
      if (!emulator) return;
      const found = new Emulator(emulator);
      await found.fault();
      this.emulator = found;
    } catch {
      // There is none.
    }
  }

  render() {
    return html`
      <header>
        <h1><img src="icon.svg" alt="" width="24" height="24" /> ticketwire</h1>
        ${this.client ? this.#navigation() : nothing}
      </header>
      <main>${this.client ? this.#view() : html`<tw-sign-in .refusal=${this.refusal}></tw-sign-in>`}</main>
    `;
  }

  #navigation() {
    const views = Object.keys(VIEWS).filter((view) => view !== "emulator" || this.emulator);
    return html`
      <nav aria-label="Views">
        ${views.map(
          (view) => html`
            <a
              href=${hashOf({ ...this.place, view })}
              aria-current=${view === this.place.view ? "page" : nothing}
              >${VIEWS[view]}</a
            >
          `,
        )}
      </nav>
      <span class="line" role="status" data-line=${this.line}
        >${this.place.view === "conversation" ? LINES[this.line] : nothing}</span
      >
      <button class="quiet" @click=${() => this.#leave()}>Sign out</button>
    `;
  }

  /**
   * The conversation stays while one looks elsewhere: what was typed there must not be lost. Its faults do not:
   * another view may change them, and they are read when they are shown.
   */
  #view() {
    const { client, emulator } = this;
    const { view, conversation } = this.place;
    return html`
      <tw-conversation
        ?hidden=${view !== "conversation"}
        .client=${client}
        .emulator=${view === "conversation" ? emulator : undefined}
        .conversation=${conversation}
        .isMade=${conversation === this.made}
      ></tw-conversation>
      ${view === "operate" ? html`<tw-operate .client=${client}></tw-operate>` : nothing}
      ${view === "emulator" && emulator ? html`<tw-emulator .emulator=${emulator}></tw-emulator>` : nothing}
    `;
  }
}

const LINES = { live: "Live", reconnecting: "Reconnecting …", broken: "Not connected" };

customElements.define("tw-console", Console);
