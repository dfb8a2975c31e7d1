// Pulls the emulator's plug, and puts it in again.

import { html, nothing } from "lit";
import { FAULTS } from "../model/emulator.js";
import { Element } from "./element.js";

class Faults extends Element {
  static properties = { emulator: { attribute: false }, fault: { state: true }, problem: { state: true } };

  firstUpdated() {
    this.look();
  }

  /** Finds out which fault is on. */
  look() {
    return this.#attempt(async () => (this.fault = await this.emulator.fault()));
  }

  #put(fault) {
    return this.#attempt(async () => {
      await this.emulator.put(fault);
      this.fault = fault;
    });
  }

  async #attempt(work) {
    this.problem = undefined;
    try {
      await work();
    } catch (error) {
      this.problem = error.message;
    }
  }

  render() {
    return html`
      <div class="faults" role="group" aria-label="The emulated API">
        <span class="label">The API</span>
        ${this.#button("Up", "takes events and answers them", undefined)}
        ${FAULTS.map((fault) => this.#button(fault.name, fault.says, fault))}
        ${this.problem ? html`<span role="alert">${this.problem}</span>` : nothing}
      </div>
    `;
  }

  #button(name, says, fault) {
    return html`<button
      type="button"
      title=${says}
      data-fault=${name}
      aria-pressed=${this.fault === fault}
      @click=${() => this.#put(fault)}
    >
      ${name}
    </button>`;
  }
}

customElements.define("tw-faults", Faults);
