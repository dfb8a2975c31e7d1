// The wire between the relay and the API: it passes everything on as it is, writes down what passes,
// and at each of four moments of a request asks what to do:
//
//   arrived   it has come from the relay, and the API has seen nothing of it
//   passed    its bytes are on their way to the API
//   answered  the API's answer has come, and the relay has seen nothing of it
//   given     the answer's bytes are on their way to the relay
//
// Whoever is asked may kill the relay, which then is gone by the time it returns. It may return "stop"
// at "arrived", and nothing is passed on, or "cut" at "answered", and the answer is not.

import { createServer, request as requestOf } from "node:http";
import { nameOf, read } from "./event.mjs";

/** How long the API may take over a request whose sender has gone. */
const GRACE_MS = 500;

/** From this try on nothing is aimed at an event any more; what hits everyone still hits it. */
const TRIES_ENOUGH = 3;

export class Wire {
  #ledger;
  #upstream;
  #ask;
  #server;
  #open = new Set();
  /** How often each event has been on the wire. */
  #tries = new Map();
  /** Conversations whose event has had trouble enough: one more failure costs it a minute, then five. */
  troubled = new Set();
  #count = 0;
  /** Which relay there is; 0 while there is none. */
  #relay = 0;
  #relays = 0;
  /** How many answers of the API have been given to the relay. */
  answered = 0;

  constructor({ ledger, upstream, ask = () => {} }) {
    this.#ledger = ledger;
    this.#upstream = new URL(upstream);
    this.#ask = ask;
  }

  async listen() {
    // No time limits: a connection that we close for being idle would look like a fault of the API.
    const limits = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 };
    this.#server = createServer(limits, (request, response) => this.#take(request, response));
    this.#server.on("connection", (socket) => (socket.relay = this.#relay));
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** A relay is being started. */
  starting() {
    this.#relays += 1;
    this.#relay = this.#relays;
  }

  /**
   * The relay has been killed: nothing of what is under way is in its hands any more. What it had sent
   * may still come, even on a connection that we have not seen yet.
   */
  killed() {
    this.#relay = 0;
    for (const entry of [...this.#open]) this.#end(entry, "kill");
  }

  /** Whether the event has ever been on the wire. */
  hasSeen = ({ conversation, n }) => this.#tries.has(nameOf(conversation, n));

  async close() {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #take(request, response) {
    const body = await bytes(request).catch(() => undefined);
    // Half a request: whoever sent it has gone.
    if (body === undefined) return;
    const entry = this.#begin(request, body);
    // From a relay that was killed before we got to read it; the network delivers it all the same.
    if (this.#relay === 0 || request.socket.relay !== this.#relay) this.#end(entry, "kill");
    response.on("close", () => this.#end(entry, "left"));
    if (this.#alive(entry) && this.#ask("arrived", entry) === "stop") response.destroy();
    else this.#pass(request, response, body, entry);
  }

  #begin(request, body) {
    this.#count += 1;
    const entry = { request: this.#count, ...read(body) };
    this.#ledger.write("wire", { what: "arrived", ...entry, relay: request.socket.relay });
    this.#open.add(entry);
    this.#countTry(entry);
    return entry;
  }

  #countTry({ conversation, n }) {
    const name = nameOf(conversation, n);
    const tries = (this.#tries.get(name) ?? 0) + 1;
    this.#tries.set(name, tries);
    if (tries >= TRIES_ENOUGH) this.troubled.add(conversation);
    else this.troubled.delete(conversation);
  }

  #alive = (entry) => entry.by === undefined;

  /** The relay no longer waits for this one. */
  #end(entry, by) {
    if (!this.#alive(entry)) return;
    entry.by = by;
    this.#open.delete(entry);
    this.#ledger.write("wire", { what: "ended", request: entry.request, by });
  }

  #pass(request, response, body, entry) {
    const { hostname, port } = this.#upstream;
    const { method, url: path, rawHeaders: headers } = request;
    const onward = requestOf({ hostname, port, method, path, headers, agent: false }, async (answer) => {
      const content = await bytes(answer).catch(() => undefined);
      if (content === undefined) return this.#drop(entry, response, "broken");
      this.#ledger.write("wire", { what: "answered", request: entry.request, status: answer.statusCode });
      this.#answer(entry, answer, content, response);
    });
    onward.on("error", () => this.#drop(entry, response, "broken"));
    onward.on("finish", () => this.#alive(entry) && this.#ask("passed", entry));
    response.on("close", () => setTimeout(() => onward.destroy(), GRACE_MS).unref());
    this.#ledger.write("wire", { what: "passed", request: entry.request });
    onward.end(body);
  }

  #answer(entry, { statusCode, rawHeaders }, content, response) {
    entry.status = statusCode;
    const wish = this.#alive(entry) && this.#ask("answered", entry);
    if (wish === "cut") return this.#drop(entry, response, "cut");
    if (!this.#alive(entry)) return response.destroy();
    this.#end(entry, "answer");
    this.answered += 1;
    response.writeHead(statusCode, rawHeaders);
    response.end(content, () => this.#ask("given", entry));
  }

  #drop(entry, response, by) {
    this.#end(entry, by);
    response.destroy();
  }
}

async function bytes(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
