// What the relay asks of the platform. Each is one crossing out of WebAssembly, however many steps it takes
// here: a crossing costs more than most of these steps do.

/** A new id, method, URL, and those headers that are there as `name:value`: each on a line, which none can hold. */
export function head(request, names) {
  const { headers, method, url } = request;
  let lines = `${crypto.randomUUID()}\n${method}\n${url}`;
  for (const name of names) {
    const value = headers.get(name);
    if (value !== null) lines += `\n${name}:${value}`;
  }
  return lines;
}

/** A URL as this platform reads it. */
export const normal = (url) => new URL(url).href;

/** Another header; nothing where it is not there. */
export const header = (request, name) => request.headers.get(name) ?? undefined;

export const read = (request) => request.arrayBuffer();

/** The body, or nothing as soon as it has more bytes than this. */
export async function readWithin(request, maxBytes) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return new Blob(chunks).arrayBuffer();
}

/** An answer with these headers, and `more`, as `name:value` on lines. */
export function respond(status, headers, more, body) {
  const response = new Response(body, { status, headers });
  for (const [name, value] of pairs(more)) response.headers.set(name, value);
  return response;
}

/** The headers of a call, which are mostly those of the one before. */
let last = { lines: "", headers: {} };
function headersOf(lines) {
  if (last.lines !== lines) last = { lines, headers: Object.fromEntries(pairs(lines)) };
  return last.headers;
}

/** Status, a line, and `Retry-After` of what this URL answers; a word where it doesn't. */
export async function post(url, headers, body, timeoutMs) {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    // A redirect would carry the key, or the words, to wherever it points.
    const init = {
      method: "POST",
      headers: headersOf(headers),
      body,
      redirect: "manual",
      signal,
    };
    const answer = await fetch(url, init);
    // No body is documented, and one might repeat what a customer wrote: it is never read. To say so of one
    // that is empty would cost a tenth of the whole request.
    if (answer.headers.get("content-length") !== "0") answer.body?.cancel().catch(() => {});
    return `${answer.status}\n${answer.headers.get("retry-after") ?? ""}`;
  } catch {
    return signal.aborted ? "timed-out" : "unreachable";
  }
}

/** A variable as text: in `wrangler.toml` a number may stand without quotes. Nothing where it is anything else. */
export function variable(env, name) {
  const value = env[name];
  return ["string", "number", "boolean"].includes(typeof value) ? String(value) : undefined;
}

/** Runs a statement; values come, and rows go, as JSON. */
export function execute(sql, statement, values) {
  sql.exec(statement, ...JSON.parse(values));
}

/** Runs a query: all of its rows. */
export function query(sql, statement, values) {
  return JSON.stringify([...sql.exec(statement, ...JSON.parse(values))]);
}

/** What a Durable Object answers to who would open a WebSocket to it. */
export async function upgrade(env, binding, name, path) {
  return object(env, binding, name).fetch(`https://object${path}`, { headers: { upgrade: "websocket" } });
}

/** What a Durable Object answers; anything but a success is an error. */
export async function call(env, binding, name, method, path, body) {
  const answer = await object(env, binding, name).fetch(`https://object${path}`, { method, body });
  if (!answer.ok) throw new Error(`a Durable Object answered ${answer.status}`);
  return answer.text();
}

const object = (env, binding, name) => env[binding].getByName(name);

const pairs = (lines) => (lines === "" ? [] : lines.split("\n").map(pair));

function pair(line) {
  const colon = line.indexOf(":");
  return [line.slice(0, colon), line.slice(colon + 1)];
}
