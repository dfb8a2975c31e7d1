// The ledgers, put together: for each event what was sent, what was promised, and what arrived.

import { nameOf, placeOf } from "./event.mjs";

/** Whether an answer promises delivery. */
export const isPromise = ({ status }) => status === 200 || status === 202;

export class History {
  /** By name: see `#event`. */
  events = new Map();
  /** All requests on the wire, in order. */
  requests = [];
  arrivals = [];
  kills = [];
  control;
  /** What was listed as parked: `{phase, when, ids, total}`. */
  parked = [];
  #byConversation;

  constructor({ control, clients, wire, journal, states }) {
    this.control = control;
    this.kills = control.filter(({ what }) => what === "kill");
    this.#readClients(clients);
    this.#readWire(wire);
    this.#readJournal(journal);
    this.#readStates(states);
  }

  get all() {
    return [...this.events.values()];
  }

  get accepted() {
    return this.all.filter(({ accepted }) => accepted);
  }

  /** The events of each conversation. */
  get conversations() {
    return Map.groupBy(this.all, ({ conversation }) => conversation);
  }

  /** The requests of a conversation on the wire, in order. */
  requestsOf(conversation) {
    this.#byConversation ??= Map.groupBy(this.requests, (request) => request.conversation);
    return this.#byConversation.get(conversation) ?? [];
  }

  #event({ conversation, n }) {
    const name = nameOf(conversation, n);
    if (!this.events.has(name)) {
      this.events.set(name, {
        ...{ name, conversation, n, quiet: conversation?.startsWith("quiet-") ?? false },
        // What callers did: each `{t, at, digest, probe, key, answer?}`, and the ids they were given.
        ...{ sends: [], ids: new Set(), accepted: false },
        // On the wire, and in the API's journal.
        ...{ requests: [], arrivals: [] },
        // What it says of itself at the end, and the request to send it again.
        ...{ look: undefined, replay: undefined },
      });
    }
    return this.events.get(name);
  }

  #readClients(records) {
    const sends = new Map();
    for (const record of records) {
      const event = this.#event(record);
      if (record.what === "send") {
        sends.set(record.send, record);
        event.sends.push(record);
        continue;
      }
      sends.get(record.send).answer = record;
      if (!isPromise(record)) continue;
      event.accepted = true;
      if (record.id) event.ids.add(record.id);
    }
  }

  #readWire(records) {
    const requests = new Map();
    for (const record of records) {
      if (record.what === "arrived") {
        const request = { ...record, passed: undefined, answered: undefined, ended: undefined };
        requests.set(record.request, request);
        this.requests.push(request);
        this.#event(record).requests.push(request);
      } else requests.get(record.request)[record.what] = record;
    }
  }

  #readJournal(records) {
    this.arrivals = records.toSorted((a, b) => a.seq - b.seq);
    for (const arrival of this.arrivals) this.#event(arrival).arrivals.push(arrival);
  }

  #readStates(records) {
    const byId = new Map(this.all.flatMap((event) => [...event.ids].map((id) => [id, event])));
    for (const record of records) {
      if (record.what === "parked") this.parked.push(record);
      else if (byId.has(record.id)) byId.get(record.id).look = record;
    }
    for (const record of this.control) {
      if (record.what === "replay" && byId.has(record.id)) byId.get(record.id).replay = record;
    }
  }
}

/** The one id of an event, and its place in its conversation. */
export const idOf = ({ ids }) => ids.values().next().value;
export const place = (event) => placeOf(idOf(event));

/** Whether the API took the event in this arrival, whatever it answered. */
export const isTaken = ({ processed, status }) => processed ?? status === 200;

/** Whether it did, and something in between answered in its place that it did not. */
export const isDenied = (arrival) => isTaken(arrival) && arrival.status >= 400;
