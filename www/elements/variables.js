// The variables of an event, a row each.

import { html } from "lit";
import { Element } from "./element.js";
import { describes } from "./findings.js";

class Variables extends Element {
  static properties = {
    draft: { attribute: false },
    shown: { attribute: false },
    isWrong: { attribute: false },
  };

  /** A row has been asked for: whoever did goes on there. */
  #isAdding = false;

  get #rows() {
    const variables = this.draft.at("metaData");
    return Array.isArray(variables) ? variables : [];
  }

  /** What is no list has to be mended before anything can be added. */
  get #hasRoom() {
    const variables = this.draft.at("metaData");
    return variables === undefined || Array.isArray(variables);
  }

  #set(row, member, value) {
    const isVariable = typeof this.#rows[row] === "object" && this.#rows[row] !== null;
    const path = isVariable ? ["metaData", row, member] : ["metaData", row];
    const whole = isVariable ? value : { key: "", value: "", [member]: value };
    this.tell("draft", this.draft.with(path, whole));
  }

  #add() {
    this.#isAdding = true;
    this.tell("draft", this.draft.withMore("metaData", { key: "", value: "" }));
  }

  updated(changed) {
    if (!this.#isAdding || !changed.has("draft")) return;
    this.#isAdding = false;
    this.querySelector(".variables > li:last-child input")?.focus();
  }

  #takeOut(row) {
    this.tell("draft", this.draft.with(["metaData", row], undefined));
  }

  render() {
    return html`
      <div class="field" role="group" aria-label="Variables">
        <span class="label">Variables</span>
        <ol class="variables">
          ${this.#rows.map((variable, row) => this.#row(variable ?? {}, row))}
        </ol>
        ${this.shown("/metaData")}
        <button type="button" class="quiet" ?disabled=${!this.#hasRoom} @click=${() => this.#add()}>
          Add a variable
        </button>
      </div>
    `;
  }

  #row(variable, row) {
    const pointer = `/metaData/${row}`;
    return html`
      <li>
        <div class="variable">
          ${this.#input(variable, row, "key", "Name")} ${this.#input(variable, row, "value", "Value")}
          <label class="switch">
            <input
              type="checkbox"
              role="switch"
              .checked=${variable.sanitize === true}
              aria-describedby=${describes(`${pointer}/sanitize`)}
              @change=${({ target }) => this.#set(row, "sanitize", target.checked || undefined)}
            />
            <span>Personal</span>
          </label>
          <button
            type="button"
            class="quiet"
            aria-label=${`Take out variable ${row + 1}`}
            @click=${() => this.#takeOut(row)}
          >
            ✕
          </button>
        </div>
        ${["/key", "/value", "/sanitize", ""].map((member) => this.shown(`${pointer}${member}`))}
      </li>
    `;
  }

  #input(variable, row, member, label) {
    const pointer = `/metaData/${row}/${member}`;
    const value = variable[member];
    return html`<input
      aria-label=${`${label} of variable ${row + 1}`}
      placeholder=${label}
      autocomplete="off"
      spellcheck="false"
      dir="auto"
      aria-describedby=${describes(pointer)}
      aria-invalid=${this.isWrong(pointer)}
      .value=${typeof value === "string" ? value : ""}
      @input=${({ target }) => this.#set(row, member, target.value)}
    />`;
  }
}

customElements.define("tw-variables", Variables);
