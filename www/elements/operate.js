// What the operator opens at night: is it well, what is held up, what was given up, and how it has been.

import { html, nothing } from "lit";
import { isRefused } from "../model/access.js";
import { hashOf } from "../model/place.js";
import { perMinute, quantile, sums } from "../model/stats.js";
import { sentence } from "../model/sentence.js";
import { clock, duration, until } from "../model/time.js";
import { course, shares } from "./chart.js";
import { Element } from "./element.js";

const EVERY_MS = 3_000;
const MINUTES = 60;

class Operate extends Element {
  static properties = {
    client: { attribute: false },
    seen: { state: true },
    problem: { state: true },
    replayed: { state: true },
  };

  #asking;

  async connectedCallback() {
    super.connectedCallback();
    await this.updateComplete;
    this.#keepLooking();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#asking);
  }

  async #keepLooking() {
    await this.#look();
    if (this.isConnected) this.#asking = setTimeout(() => this.#keepLooking(), EVERY_MS);
  }

  async #look() {
    try {
      const { client } = this;
      const asked = [client.ready(), client.waiting(), client.parked(), client.stats({ minutes: MINUTES })];
      const [ready, waiting, parked, stats] = await Promise.all(asked);
      this.seen = { ready, waiting, parked, stats };
      this.problem = undefined;
    } catch (error) {
      this.problem = error;
      if (isRefused(error)) this.tell("refused", error);
    }
  }

  /** One after the other, the longest parked first: each goes before what waits. */
  async #replay(events) {
    const failed = [];
    for (const { id } of events) await this.client.replay(id).catch(({ code }) => failed.push(code));
    const sent = events.length - failed.length;
    this.replayed = `${sent} sent again${failed.length ? `, ${failed.length} not: ${[...new Set(failed)].join(", ")}` : ""}`;
    await this.#look();
  }

  render() {
    const { seen, problem } = this;
    return html`
      ${
        problem
          ? html`<p class="trouble" role="alert"><strong>${problem.code}</strong> ${problem.message}</p>`
          : nothing
      }
      ${seen ? this.#everything(seen) : problem ? nothing : html`<p class="empty">Asking …</p>`}
    `;
  }

  #everything({ ready, waiting, parked, stats }) {
    return html`
      ${readiness(ready)}
      <div class="columns">
        <section class="card" aria-label="Waiting">
          <h2>Waiting <span class="count">${waiting.total}</span></h2>
          ${waiting.total === 0 ? html`<p class="empty">Nothing is held up.</p>` : held(waiting)}
        </section>
        <section class="card" aria-label="Parked">
          <h2>Parked <span class="count">${parked.total}</span></h2>
          ${parked.total === 0 ? html`<p class="empty">Nothing was given up.</p>` : this.#given(parked)}
          <output role="status">${this.replayed ?? ""}</output>
        </section>
      </div>
      ${charts(stats)}
    `;
  }

  #given({ events, more }) {
    return html`
      <button @click=${() => this.#replay(events)}>Send all ${events.length} again</button>
      <ul class="deliveries">
        ${events.map(
          (event) => html`
            <li data-id=${event.id}>
              ${subject(event)}
              <p>
                Parked at ${clock(event.parkedMs)} because <strong>${reason(event)}</strong>.
                ${sentence(event.lastTry?.detail)}
              </p>
              <button @click=${() => this.#replay([event])}>Send it again</button>
            </li>
          `,
        )}
      </ul>
      ${behind(more)}
    `;
  }
}

/** Whether all is set, and what is to be mended. */
function readiness({ ready, settings = [], apiCredentials }) {
  return html`
    <section class="card readiness" data-ready=${ready} aria-label="Readiness">
      <h2>${ready ? "Ready" : "Not ready"}</h2>
      ${ready ? html`<p>Everything that is needed is set, and the API takes the relay’s key.</p>` : nothing}
      <dl>
        ${settings.map(
          ({ setting, detail }) => html`
            <dt><code>${setting}</code></dt>
            <dd>${sentence(detail)} ${howToSet(setting)}</dd>
          `,
        )}
        ${
          apiCredentials
            ? html`
                <dt><code>${apiCredentials.code}</code>, since ${clock(apiCredentials.sinceMs)}</dt>
                <dd>${sentence(apiCredentials.detail)}</dd>
              `
            : nothing
        }
      </dl>
    </section>
  `;
}

/** Secrets have a store of their own; the rest stands in a file. */
const howToSet = (setting) =>
  /_(KEYS?|SECRETS|ID)$/.test(setting)
    ? html`<code>npm run exec -- wrangler secret put ${setting}</code>`
    : html`It stands in <code>wrangler.toml</code>; then <code>npm run deploy</code>.`;

function held({ events, more }) {
  return html`
    <ul class="deliveries">
      ${events.map(
        (event) => html`
          <li data-id=${event.id}>
            ${subject(event)}
            <p>
              ${event.tries} ${event.tries === 1 ? "try" : "tries"}, last <strong>${reason(event)}</strong>;
              ${event.nextTryMs ? `next ${until(event.nextTryMs, Date.now())}` : "being sent"}${
                event.waiting > 1 ? `; ${event.waiting - 1} more behind it` : ""
              }
            </p>
            ${event.lastTry?.detail ? html`<p class="note">${sentence(event.lastTry.detail)}</p>` : nothing}
          </li>
        `,
      )}
    </ul>
    ${behind(more)}
  `;
}

const behind = (more) => (more > 0 ? html`<p class="note">and ${more} more behind these</p>` : nothing);

const reason = ({ lastTry: { code, apiStatus, onwardStatus } = {} }) =>
  [code, apiStatus ?? onwardStatus].filter(Boolean).join(" ");

function subject({ platformConversationId, kind, acceptedMs }) {
  const place = hashOf({ view: "conversation", conversation: platformConversationId });
  return html`
    <p>
      <a href=${place} dir="auto">${platformConversationId}</a>
      <span class="note">${kind}, taken at ${clock(acceptedMs)}</span>
    </p>
  `;
}

function charts(stats) {
  const all = sums(stats.minutes);
  const rate = perMinute(stats, MINUTES, ({ accepted }) => accepted);
  const [median, slow] = [0.5, 0.99].map((share) => quantile(all.latencyMs, share));
  return html`
    <section class="card" aria-label="The last hour">
      <h2>The last hour</h2>
      <dl class="figures">
        ${Object.entries({
          Accepted: all.accepted,
          Delivered: all.delivered,
          Parked: all.parked,
          Replies: all.replies,
        }).map(
          ([name, count]) =>
            html`<div>
              <dt>${name}</dt>
              <dd>${count}</dd>
            </div>`,
        )}
        <div>
          <dt>Half within</dt>
          <dd>${bound(median)}</dd>
        </div>
        <div>
          <dt>99 of 100 within</dt>
          <dd>${bound(slow)}</dd>
        </div>
      </dl>
      <div class="charts">
        ${course(
          "Events a minute",
          rate.map(({ atMs, value }) => ({ label: clock(atMs), value })),
        )}
        ${shares(
          "From accepted to delivered",
          all.latencyMs.map(({ le, count }) => ({ label: bound(le ?? Infinity), value: count })),
        )}
        ${shares("Tries that an event took", entriesOf(all.attempts))}
        ${shares("How tries ended", entriesOf(all.tries))}
      </div>
    </section>
  `;
}

const entriesOf = (counts) => Object.entries(counts).map(([label, value]) => ({ label, value }));

const bound = (ms) => (ms === undefined ? "–" : Number.isFinite(ms) ? duration(ms) : "longer");

customElements.define("tw-operate", Operate);
