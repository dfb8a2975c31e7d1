// What has been said in a conversation, and how each event goes its way, from the changes that a relay tells.

export class Transcript {
  #items = new Map();
  #typed = new Map();

  /** Events and replies, in their order. */
  get items() {
    return [...this.#items.values()].sort((one, other) => one.seq - other.seq);
  }

  /** Takes in a change; the same one twice does no harm. */
  apply(change) {
    if (change.type === "state") this.#move(change);
    else this.#items.set(change.seq, { tries: [], ...this.#items.get(change.seq), ...change });
  }

  /** What was typed here, whatever of it the relay keeps. */
  remember(id, event) {
    if (id) this.#typed.set(id, event);
  }

  /** The variables of an event, those with a value that is kept and those that were typed here. */
  variablesOf({ id, event }) {
    const typed = this.#typed.get(id)?.metaData;
    return (event.metaData ?? []).map((variable, at) => ({
      ...variable,
      value: variable.value ?? typed?.[at]?.value,
    }));
  }

  #move({ type: _, lastId: __, ...delivery }) {
    const item = [...this.#items.values()].find(({ id }) => id === delivery.id);
    if (!item) return;
    const { tries, lastTry, state } = delivery;
    const known = item.tries.at(-1)?.number ?? 0;
    const failed = lastTry && state !== "sending" && state !== "delivered" && tries > known;
    this.#items.set(item.seq, {
      ...item,
      delivery,
      state,
      tries: failed ? [...item.tries, { number: tries, ...lastTry }] : item.tries,
    });
  }
}
