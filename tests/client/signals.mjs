// A signal that knows who listens to it.

/** An AbortController, and how many listeners its signal has. */
export function counted() {
  const controller = new AbortController();
  const { signal } = controller;
  let listeners = 0;
  const [add, remove] = [signal.addEventListener, signal.removeEventListener].map((it) => it.bind(signal));
  const heard = new Set();
  signal.addEventListener = (type, listener, options) => {
    if (!heard.has(listener)) listeners += 1;
    heard.add(listener);
    add(type, listener, options);
  };
  signal.removeEventListener = (type, listener, options) => {
    if (heard.delete(listener)) listeners -= 1;
    remove(type, listener, options);
  };
  signal.addEventListener("abort", () => {}, { once: true });
  const own = listeners;
  return { signal, abort: (reason) => controller.abort(reason), listeners: () => listeners - own };
}
