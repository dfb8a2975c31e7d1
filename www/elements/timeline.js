// What has been said, and the way of each event.

import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { sentence } from "../model/sentence.js";
import { clock, duration, until } from "../model/time.js";
import { Element } from "./element.js";

const TICK_MS = 1_000;

class Timeline extends Element {
  static properties = {
    client: { attribute: false },
    transcript: { attribute: false },
    failed: { state: true },
  };

  #ticking;

  connectedCallback() {
    super.connectedCallback();
    this.#ticking = setInterval(() => this.#tick(), TICK_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#ticking);
  }

  /** Times that run are shown anew. */
  #tick() {
    if (this.transcript.items.some(({ state }) => state === "pending")) this.requestUpdate();
  }

  render() {
    const { items } = this.transcript;
    if (items.length === 0) return html`<p class="empty">Nothing has been said here yet.</p>`;
    return html`
      <div role="log" aria-relevant="additions" aria-label="Events and replies">
        <ol class="timeline">
          ${repeat(
            items,
            ({ seq }) => seq,
            (item) => (item.type === "reply" ? reply(item) : this.#event(item)),
          )}
        </ol>
      </div>
    `;
  }

  #event(item) {
    return html`
      <li class="event" data-state=${item.state} data-id=${item.id}>
        <article aria-label="Event">
          ${spoken(item.event.text)} ${variables(this.transcript.variablesOf(item))} ${this.#way(item)}
        </article>
      </li>
    `;
  }

  /** From when it was taken to where it stands. */
  #way(item) {
    const last = item.delivery;
    return html`
      <ol class="way" aria-label="Its way">
        <li data-step="accepted">Accepted at ${clock(item.atMs)}</li>
        ${item.tries.map(tried)} ${this.#standing(item, last)}
      </ol>
    `;
  }

  #standing({ id, state, atMs }, { tries = 0, nextTryMs, deliveredMs, lastTry } = {}) {
    switch (state) {
      case "sending":
        return html`<li data-step="sending" class="now">Being sent</li>`;
      case "pending":
        return html`<li data-step="waiting" class="now">
          ${
            nextTryMs && tries > 0
              ? `Waiting for the next try, at ${clock(nextTryMs)}, ${until(nextTryMs, Date.now())}`
              : "Waiting for its turn"
          }
        </li>`;
      case "parked":
        return html`<li data-step="parked" class="bad">
          Parked because ${lastTry?.code}. ${sentence(lastTry?.detail)}
          <button @click=${() => this.#replay(id)}>Send it again</button>
          ${this.failed?.id === id ? html`<span role="alert">${this.failed.why}</span>` : nothing}
        </li>`;
      default:
        return html`<li data-step="delivered" class="good">
          Delivered${deliveredMs ? ` after ${duration(deliveredMs - atMs)}` : ""}${tries > 1 ? `, at try ${tries}` : ""}
        </li>`;
    }
  }

  async #replay(id) {
    this.failed = undefined;
    try {
      await this.client.replay(id);
    } catch ({ code, message }) {
      this.failed = { id, why: `${code}: ${message}` };
    }
  }
}

function tried({ number, code, apiStatus }) {
  return html`<li data-step="tried" data-code=${code}>
    Try ${number}: ${code}${apiStatus ? ` (${apiStatus})` : ""}
  </li>`;
}

/** What somebody said: text and nothing but text, whatever it holds. */
function spoken(text) {
  if (!text) return html`<p class="none">(no text)</p>`;
  return html`<p class="spoken" dir="auto" tabindex=${text.length > 2_000 ? 0 : nothing}>${text}</p>`;
}

function variables(all) {
  if (all.length === 0) return nothing;
  return html`
    <dl class="kept" tabindex=${all.length > 8 ? 0 : nothing}>
      ${all.map(
        ({ key, value, sanitize }) => html`
          <div>
            <dt>${key}</dt>
            <dd dir="auto" class=${sanitize ? "personal" : ""}>
              ${value ?? html`<em>personal: not kept</em>`}
              ${sanitize && value !== undefined ? html`<em>personal: only you see it, here and now</em>` : nothing}
            </dd>
          </div>
        `,
      )}
    </dl>
  `;
}

function reply({ seq, atMs, reply, repeatOf }) {
  return html`
    <li class="reply" data-seq=${seq}>
      <article aria-label="Reply">
        ${spoken(reply.text)} ${intents(reply.predictedIntents ?? [])} ${attachments(reply.attachments ?? [])}
        ${more(reply.extra ?? {})}
        <p class="note">${clock(atMs)}${repeatOf === undefined ? "" : ", the same bytes once more"}</p>
      </article>
    </li>
  `;
}

function intents(all) {
  if (all.length === 0) return nothing;
  return html`
    <ul class="intents" aria-label="Predicted intents">
      ${all.map(({ name, value, confidence }) => {
        const percent = Math.round(100 * confidence);
        return html`<li>
          <span dir="auto">${name ?? value}</span>
          <meter min="0" max="100" value=${percent} aria-label=${`Confidence of ${name ?? value}`}></meter>
          <span>${percent} %</span>
        </li>`;
      })}
    </ul>
  `;
}

/** Members that the API does not document, or not in this shape. */
function more(extra) {
  if (Object.keys(extra).length === 0) return nothing;
  return html`
    <details>
      <summary>More</summary>
      <pre dir="ltr" tabindex="0" role="region" aria-label="More">${JSON.stringify(extra, undefined, 2)}</pre>
    </details>
  `;
}

/** Their paths alone: no download of them is documented. */
function attachments(all) {
  if (all.length === 0) return nothing;
  return html`
    <ul class="attachments" aria-label="Attachments">
      ${all.map(({ path }) => html`<li><code>${path}</code></li>`)}
    </ul>
  `;
}

customElements.define("tw-timeline", Timeline);
