// The same event as a line for a shell and as a program, to copy.

import { html } from "lit";
import { curlLine, javascript } from "../model/snippets.js";
import { Element } from "./element.js";

class Snippets extends Element {
  static properties = { text: { attribute: false }, copied: { state: true } };

  render() {
    return html`
      <details class="snippets">
        <summary>The same from elsewhere</summary>
        ${this.#snippet("curl", curlLine(location.origin, this.text))}
        ${this.#snippet("JavaScript", javascript(location.origin, this.text))}
        <p class="note"><code>RELAY_KEY</code> holds a key of this relay.</p>
      </details>
    `;
  }

  #snippet(name, text) {
    return html`
      <div class="snippet">
        <h3>${name}</h3>
        <button type="button" aria-label=${`Copy ${name}`} @click=${() => this.#copy(name, text)}>
          ${this.copied === name ? "Copied" : "Copy"}
        </button>
        <pre tabindex="0" role="region" aria-label=${name}>${text}</pre>
      </div>
    `;
  }

  async #copy(name, text) {
    // There is none on a page that came neither by https nor from this machine.
    await navigator.clipboard?.writeText(text);
    this.copied = navigator.clipboard && name;
  }
}

customElements.define("tw-snippets", Snippets);
