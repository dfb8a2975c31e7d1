// Sees all that a relay says to anybody and all that it leaves behind, and which canaries got where.

import { createServer, request } from "node:http";
import { bytesOf, filesIn } from "./disk.mjs";

export class Witness {
  /** By kind of canary, then by place: what was going on when it was first seen there. */
  #seen = new Map();

  constructor(canaries) {
    this.canaries = canaries;
  }

  /** Something stands in a place: text or bytes; `why` it came to be there, in words of ours. */
  see(place, haystack, why) {
    for (const kind of this.canaries.kindsIn(haystack)) {
      if (!this.#seen.has(kind)) this.#seen.set(kind, new Map());
      const places = this.#seen.get(kind);
      if (!places.has(place)) places.set(place, why);
    }
  }

  /** Where this kind got to, and why. */
  whereabouts = (kind) => this.#seen.get(kind) ?? new Map();

  /** Every byte of every file of a folder. */
  seeFolder(place, folder) {
    for (const file of filesIn(folder)) this.see(place, bytesOf(file), file.slice(folder.length));
  }

  /**
   * Asks for something by hand, so that each byte of the answer can be seen; answers what came. `called`
   * is the path that is asked for, where that stands in the body.
   */
  ask(url, { method = "GET", headers = {}, body, cutOff = false, called } = {}) {
    const { pathname } = called ? new URL(called, url) : new URL(url);
    const path = url.slice(new URL(url).origin.length);
    return new Promise((resolve, reject) => {
      const outgoing = request(url, { method, path, headers, agent: false }, async (answer) => {
        const text = await textOf(answer).catch(reject);
        const { statusCode: status, statusMessage, rawHeaders } = answer;
        const why = `${method} /${pathname.split("/")[1]} ${status}`;
        this.see("head", [statusMessage, ...rawHeaders].join("\n"), why);
        this.see(status < 400 ? placeOf(pathname) : "refusal", text, why);
        resolve({ status, headers: answer.headers, text });
      });
      outgoing.on("error", (error) => (cutOff ? resolve({}) : reject(error)));
      if (body !== undefined) outgoing.write(body);
      if (cutOff) setTimeout(() => outgoing.destroy(), 100);
      else outgoing.end();
    });
  }

  /**
   * Somebody else, whom the relay calls: sees all that comes, and answers as `answer` says, which
   * may also write to the response itself and answer nothing.
   */
  async startOther(place, answer) {
    const server = createServer(async (incoming, response) => {
      try {
        const body = await textOf(incoming);
        this.see(place, [incoming.url, ...incoming.rawHeaders, body].join("\n"), incoming.method);
        const { status, headers, text } = (await answer({ incoming, response, body })) ?? {};
        if (status !== undefined) response.writeHead(status, headers).end(text);
      } catch {
        response.destroy();
      }
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
      url: `http://127.0.0.1:${server.address().port}`,
      stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
    };
  }
}

/** What the body of a success is, by its path. */
function placeOf(pathname) {
  const [, first, , third] = pathname.split("/");
  if (first === "conversations") return third === "stream" ? "stream" : "transcript";
  if (["converse", "events", "parked", "waiting"].includes(first)) return "report";
  return first === "sessions" ? "session" : "page";
}

async function textOf(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
