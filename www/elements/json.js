// The event as JSON, to be read and written; each finding at its line.

import { html } from "lit";
import { Draft } from "../model/draft.js";
import { Element } from "./element.js";

class Json extends Element {
  static properties = { draft: { attribute: false }, found: { attribute: false } };

  render() {
    const lines = this.draft.text.split("\n").length;
    const byLine = Map.groupBy(this.found, (finding) => this.draft.lineOf(finding));
    return html`
      <div class="field">
        <label for="json">The same as JSON</label>
        <div class="editor">
          <ol class="gutter" aria-hidden="true">
            ${Array.from({ length: lines }, (_, at) => mark(byLine.get(at + 1)))}
          </ol>
          <textarea
            id="json"
            wrap="off"
            spellcheck="false"
            autocomplete="off"
            rows=${Math.min(Math.max(lines, 4), 24)}
            aria-describedby="json-findings"
            aria-invalid=${this.found.some(({ isIssue }) => isIssue)}
            .value=${this.draft.text}
            @input=${({ target }) => this.tell("draft", new Draft(target.value))}
            @scroll=${this.#scroll}
          ></textarea>
        </div>
        <ul class="at-lines" id="json-findings">
          ${[...byLine].sort(([one], [other]) => one - other).map(([line, found]) => this.#line(line, found))}
        </ul>
      </div>
    `;
  }

  #line(line, found) {
    const kind = found.some(({ isIssue }) => isIssue) ? "issue" : "warning";
    return html`
      <li class=${kind} data-line=${line} data-codes=${found.map(({ code }) => code).join(" ")}>
        <button type="button" class="link" @click=${() => this.#goTo(line)}>Line ${line}</button>
        ${found.map(({ message }) => message).join("; ")}
      </li>
    `;
  }

  #goTo(line) {
    const area = this.querySelector("textarea");
    const lines = area.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    area.focus();
    area.setSelectionRange(start, start + lines[line - 1].length);
  }

  /** The gutter goes along. */
  #scroll({ target }) {
    target.previousElementSibling.scrollTop = target.scrollTop;
  }
}

function mark(found = []) {
  const isIssue = found.some((finding) => finding.isIssue);
  return html`<li class=${found.length === 0 ? "" : isIssue ? "issue" : "warning"}></li>`;
}

customElements.define("tw-json", Json);
