// Small charts, whose numbers can be read too.

import { html, svg } from "lit";

const WIDTH = 300;
const HEIGHT = 60;

/** What happened over time: a bar each, side by side. */
export function course(title, all) {
  const most = Math.max(1, ...all.map(({ value }) => value));
  const step = WIDTH / Math.max(1, all.length);
  return html`
    <figure class="chart">
      <figcaption>${title}</figcaption>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
        ${all.map(({ value, label }, at) => {
          const height = (value / most) * (HEIGHT - 2);
          return svg`<rect x=${at * step + step * 0.1} y=${HEIGHT - height} width=${step * 0.8}
            height=${height}><title>${label}: ${value}</title></rect>`;
        })}
      </svg>
      <details>
        <summary>Numbers</summary>
        <dl class="numbers">
          ${all
            .filter(({ value }) => value > 0)
            .map(
              ({ label, value }) =>
                html`<div>
                  <dt>${label}</dt>
                  <dd>${value}</dd>
                </div>`,
            )}
        </dl>
      </details>
    </figure>
  `;
}

/** How often each of a few things was: a row each, with its number. */
export function shares(title, all) {
  const most = Math.max(1, ...all.map(({ value }) => value));
  return html`
    <figure class="chart">
      <figcaption>${title}</figcaption>
      ${all.length === 0 ? html`<p class="empty">Nothing yet.</p>` : html`<dl class="shares">${all.map(row)}</dl>`}
    </figure>
  `;

  function row({ label, value }) {
    return html`
      <div>
        <dt>${label}</dt>
        <dd>
          <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect width=${(100 * value) / most} height="10"></rect>
          </svg>
          ${value}
        </dd>
      </div>
    `;
  }
}
