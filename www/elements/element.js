// What all elements share: they are part of the page, with one style sheet, and labels that reach across.

import { LitElement } from "lit";

export class Element extends LitElement {
  createRenderRoot() {
    return this;
  }

  /** Tells those around. */
  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  }
}
