// The emulator beside the relay: what goes wrong there, what its agent says, and what it has seen.

/** What can go wrong at the press of a button, until it is put right again. */
export const FAULTS = [
  { name: "Down", says: "answers 503", fault: { kind: "status", status: 503 } },
  { name: "Slow", says: "answers after 3 s", fault: { kind: "latency", ms: 3_000 } },
  { name: "Silent", says: "never answers", fault: { kind: "no-answer" } },
  { name: "Loses acknowledgements", says: "has the event, and cuts the line", fault: { kind: "ack-lost" } },
  { name: "Refuses events", says: "answers 400", fault: { kind: "status", status: 400 } },
  { name: "Refuses the key", says: "answers 401", fault: { kind: "status", status: 401 } },
  { name: "Limits", says: "answers 429", fault: { kind: "status", status: 429, retryAfter: 5 } },
];

/** Speaks with the emulator at this origin. */
export class Emulator {
  #origin;

  constructor(origin) {
    this.#origin = origin;
  }

  /** Which of the faults above is on; none where all is well. */
  async fault() {
    const { faults } = await this.#ask("/faults");
    const last = faults.findLast(({ times, conversation }) => times === "always" && !conversation);
    return last && FAULTS.find(({ fault }) => isSame(fault, last.fault));
  }

  /** Puts one fault on, or none: then all is well. */
  async put(fault) {
    await this.#ask("/faults", "DELETE");
    if (fault) await this.#ask("/faults", "POST", { fault: fault.fault, times: "always" });
  }

  /** What went in and out behind this number. */
  journal = (after) => this.#ask(`/journal?after=${after}`);

  script = () => this.#ask("/script");
  setScript = (script) => this.#ask("/script", "PUT", script);
  reset = () => this.#ask("/reset", "POST");

  async #ask(path, method = "GET", body) {
    const init = body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    const answer = await fetch(`${this.#origin}/__admin${path}`, { method, ...init });
    const text = await answer.text();
    const said = text ? JSON.parse(text) : {};
    if (!answer.ok) throw refusal(answer.status, said.error);
    return said;
  }
}

/** What the emulator says is wrong, each thing of it. */
function refusal(status, { message = `the emulator answered ${status}`, problems = [] } = {}) {
  const all = problems.map((problem) => (typeof problem === "string" ? problem : JSON.stringify(problem)));
  return new Error([message, ...all].join("; "));
}

function isSame(fault, other) {
  const faults = [fault, [other].flat()[0]].map((each) => JSON.stringify(Object.entries(each ?? {}).sort()));
  return faults[0] === faults[1];
}
