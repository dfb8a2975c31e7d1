// The relay as its callers see it.

const ANSWER_WITHIN_MS = 15_000;

export class Relay {
  #url;
  #key;

  constructor(url, key) {
    this.#url = url;
    this.#key = key;
  }

  /** Sends an event: the answer, or `error` where none came. */
  async post(body, { key, later }) {
    const headers = {
      "content-type": "application/json",
      ...(key && { "idempotency-key": key }),
      ...(later && { prefer: "respond-async" }),
    };
    try {
      return await this.#ask("/converse/ticket", { method: "POST", headers, body });
    } catch (error) {
      return { error: error.cause?.code ?? error.name };
    }
  }

  state = (id) => this.#ask(`/events/${encodeURIComponent(id)}`);

  replay = (id) => this.#ask(`/events/${encodeURIComponent(id)}/replay`, { method: "POST" });

  /** All parked events, page by page. */
  async parked() {
    const all = [];
    for (let after; ;) {
      const query = new URLSearchParams({ limit: "100", ...(after !== undefined && { after }) });
      const { status, document } = await this.#ask(`/parked?${query}`);
      if (status !== 200) throw new Error(`GET /parked was answered with ${status}`);
      all.push(...document.events);
      after = document.nextAfter;
      if (after === undefined || after === null) return { all, total: document.total };
    }
  }

  async #ask(path, { headers = {}, ...options } = {}) {
    const response = await fetch(`${this.#url}${path}`, {
      ...options,
      headers: { ...headers, authorization: `Bearer ${this.#key}` },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const text = await response.text();
    const document = /json/.test(response.headers.get("content-type") ?? "") ? JSON.parse(text) : undefined;
    return {
      status: response.status,
      id: response.headers.get("ticketwire-event") ?? undefined,
      replayed: response.headers.get("idempotency-replayed") === "true",
      location: response.headers.get("location") ?? undefined,
      retryAfter: Number(response.headers.get("retry-after")) || undefined,
      code: document?.code,
      document,
    };
  }
}
