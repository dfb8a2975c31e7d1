// jsdom has no `fetch`; the test gets Node's. Node knows no signal of jsdom's, so it gets one of its own.

const { TestEnvironment } = require("jest-environment-jsdom");

module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.nodeFetch = (url, init) => fetch(url, { ...init, signal: nodeSignal(init?.signal) });
  }
};

function nodeSignal(signal) {
  if (!signal) return undefined;
  const controller = new AbortController();
  signal.addEventListener("abort", () => controller.abort(signal.reason));
  return controller.signal;
}
