// The emulator: what goes wrong there, what its agent says, what it has seen.

import { html, nothing } from "lit";
import { clock } from "../model/time.js";
import { Element } from "./element.js";
import "./faults.js";

const EVERY_MS = 2_000;
const SHOWN = 50;

class EmulatorView extends Element {
  static properties = {
    emulator: { attribute: false },
    entries: { state: true },
    script: { state: true },
    said: { state: true },
  };

  #asking;

  constructor() {
    super();
    this.entries = [];
  }

  async connectedCallback() {
    super.connectedCallback();
    this.#asking = setInterval(() => this.#look(), EVERY_MS);
    await this.updateComplete;
    await this.#attempt(() => this.#readScript());
    await this.#look();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#asking);
  }

  /** What is new in the journal. */
  async #look() {
    try {
      const { entries } = await this.emulator.journal(this.entries.at(-1)?.seq ?? 0);
      if (entries.length > 0) this.entries = [...this.entries, ...entries].slice(-SHOWN);
    } catch (error) {
      this.said = error.message;
    }
  }

  async #readScript() {
    this.script = JSON.stringify(await this.emulator.script(), undefined, 2);
  }

  #setScript() {
    return this.#attempt(async () => {
      await this.emulator.setScript(JSON.parse(this.querySelector("#script").value));
      return "The agent has learnt it";
    });
  }

  #reset() {
    return this.#attempt(async () => {
      await this.emulator.reset();
      this.entries = [];
      await this.#readScript();
      this.querySelector("#script").value = this.script;
      await this.querySelector("tw-faults").look();
      return "All is as it was at the start";
    });
  }

  async #attempt(work) {
    try {
      this.said = await work();
    } catch (error) {
      this.said = error.message;
    }
  }

  render() {
    return html`
      <section class="card" aria-label="Faults">
        <h2>The emulated API</h2>
        <tw-faults .emulator=${this.emulator}></tw-faults>
        <div class="actions">
          <button @click=${() => this.#reset()}>Start over</button>
          <output role="status">${this.said ?? ""}</output>
        </div>
      </section>
      <div class="columns">
        <section class="card" aria-label="Script">
          <h2><label for="script">What its agent says</label></h2>
          <textarea
            id="script"
            class="code"
            rows="20"
            spellcheck="false"
            .value=${this.script ?? ""}
          ></textarea>
          <button @click=${() => this.#setScript()}>Teach it</button>
        </section>
        <section class="card" aria-label="Journal">
          <h2>What it has seen</h2>
          ${this.entries.length === 0 ? html`<p class="empty">Nothing yet.</p>` : this.#journal()}
        </section>
      </div>
    `;
  }

  #journal() {
    return html`
      <div class="scrolls" tabindex="0" role="region" aria-label="Entries of the journal">
        <table>
          <thead>
            <tr>
              <th scope="col">At</th>
              <th scope="col">What</th>
              <th scope="col">Conversation</th>
              <th scope="col">Status</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            ${this.entries.toReversed().map(entry)}
          </tbody>
        </table>
      </div>
    `;
  }
}

function entry({ at, kind, conversation, status, cause, faultApplied, processed }) {
  // One fault, or several that met it together.
  const faults = [faultApplied ?? []].flat().map(({ kind }) => kind);
  return html`
    <tr>
      <td>${clock(at)}</td>
      <td>${kind === "webhook" ? "reply out" : processed === false ? "event, not processed" : "event in"}</td>
      <td dir="auto">${conversation ?? nothing}</td>
      <td>${status ?? "–"}</td>
      <td>${[cause, ...faults].filter(Boolean).join(", ")}</td>
    </tr>
  `;
}

customElements.define("tw-emulator", EmulatorView);
