// Where somebody who has no key in this tab shows one.

import { html, nothing } from "lit";
import { Element } from "./element.js";

class SignIn extends Element {
  static properties = { refusal: { attribute: false } };

  render() {
    return html`
      <form class="card sign-in" @submit=${this.#submit}>
        <h2>Who is there?</h2>
        <label for="key">A key of this relay</label>
        <input
          id="key"
          type="password"
          autocomplete="current-password"
          required
          aria-describedby="key-note"
        />
        <p id="key-note" class="note">
          One of <code>RELAY_KEYS</code>, or a session’s token for one conversation. It stays in this tab, and
          goes to this relay alone. <code>npm start</code> prints an address that brings it along.
        </p>
        ${
          this.refusal
            ? html`<p class="trouble" role="alert">
                <strong>${this.refusal.code}</strong> ${this.refusal.message}
              </p>`
            : nothing
        }
        <button class="main">Open the console</button>
      </form>
    `;
  }

  #submit(event) {
    event.preventDefault();
    this.tell("signed-in", this.querySelector("#key").value.trim());
  }
}

customElements.define("tw-sign-in", SignIn);
