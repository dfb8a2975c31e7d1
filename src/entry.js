// The JavaScript around a WebAssembly entry on workerd, shared by relay and emulator.
//
// No input should make the core panic. Should it happen all the same, the WebAssembly instance is
// unusable: the next call starts a new one, and a Durable Object builds itself anew on it. Nothing
// is lost, since all that has to last is in SQLite.

// workerd makes a new function of each microtask, with a template of its own, which is dear. Where there is
// no queueMicrotask, wasm-bindgen's futures go on by a promise, which is not.
globalThis.queueMicrotask = undefined;

/** Watches one instance of the core and replaces it after a panic. */
class Instance {
  constructor(core) {
    this.core = core;
    this.state = core.__worker_init_state();
    addEventListener("error", (event) => this.note(event.error));
  }

  /** The number of the instance in use; starts a new one where the last has panicked. */
  revive() {
    if (this.state.criticalError) {
      this.core.__wbg_reset_state();
      this.state.criticalError = false;
      this.state.instanceId += 1;
    }
    return this.state.instanceId;
  }

  note(error) {
    if (error instanceof WebAssembly.RuntimeError) this.state.criticalError = true;
  }

  async call(work) {
    this.revive();
    try {
      return await work();
    } catch (error) {
      this.note(error);
      throw error;
    }
  }
}

/** The Worker's handlers, and a maker of Durable Object classes, for this core; `answer` has it answer a request. */
export function entry(core, answer) {
  const instance = new Instance(core);
  return {
    handlers: {
      fetch(request, env, ctx) {
        const answered = instance.call(() => answer(core, request, env, ctx));
        // What has been begun is brought to its end, though the caller may have gone.
        ctx.waitUntil(answered);
        return answered;
      },
    },
    durableObject: (name) =>
      class {
        #parts;
        #object;
        #instanceId;

        constructor(...parts) {
          this.#parts = parts;
        }

        #live() {
          const instanceId = instance.revive();
          if (this.#instanceId !== instanceId) {
            this.#object = new core[name](...this.#parts);
            this.#instanceId = instanceId;
          }
          return this.#object;
        }

        fetch(request) {
          return instance.call(() => this.#live().fetch(request));
        }

        alarm() {
          return instance.call(() => this.#live().alarm());
        }

        webSocketMessage(...heard) {
          return instance.call(() => this.#live().webSocketMessage(...heard));
        }

        webSocketClose(...heard) {
          return instance.call(() => this.#live().webSocketClose(...heard));
        }

        webSocketError(...heard) {
          return instance.call(() => this.#live().webSocketError(...heard));
        }
      },
  };
}
