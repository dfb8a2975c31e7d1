// Findings at their field, each with the one step that mends it where there is one.

import { html, nothing } from "lit";

/** What describes a field, for those who hear the page. */
export const describes = (field) => `found-${field}`;

/** The findings of a field; `mend` gets the draft in which one is mended. */
export function findings(field, found, remedy, mend) {
  return html`
    <ul class="findings" id=${describes(field)} data-field=${field}>
      ${found.map((finding) => row(finding, remedy(finding), mend))}
    </ul>
  `;
}

function row(finding, remedy, mend) {
  const { code, pointer, message, isIssue } = finding;
  return html`
    <li class=${isIssue ? "issue" : "warning"} data-code=${code} data-pointer=${pointer}>
      <span class="kind">${isIssue ? "Mend" : "Look"}</span>
      <span>${message}${pointer ? html` <code>${pointer}</code>` : nothing}</span>
      ${remedy ? html`<button type="button" @click=${() => mend(remedy.mended())}>${remedy.name}</button>` : nothing}
    </li>
  `;
}
