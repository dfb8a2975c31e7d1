// A signal that knows who listens to it.

/** An AbortController, and how many listeners its signal has. */
export function counted() {
  const controller = new AbortController();
  const { signal } = controller;
  const [add, remove] = [signal.addEventListener, signal.removeEventListener].map((it) => it.bind(signal));
  const heard = new Set();
  signal.addEventListener = (type, listener, options) => {
    heard.add(listener);
    // Then it is taken away without a word.
    if (options?.once) add(type, () => heard.delete(listener), options);
    add(type, listener, options);
  };
  signal.removeEventListener = (type, listener, options) => {
    heard.delete(listener);
    remove(type, listener, options);
  };
  return { signal, abort: (reason) => controller.abort(reason), listeners: () => heard.size };
}
