// Small charts: bars, with their numbers for those who don't see them.

import { html, svg } from "lit";

const WIDTH = 300;
const HEIGHT = 60;

/** Bars of equal width. Each: a label, a value, and how it is said. */
export function bars(title, all) {
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
