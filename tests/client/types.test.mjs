// The types take what works, and refuse what can't.

import { test } from "node:test";
import { compile } from "./compiled.mjs";

const AROUND = `
import { TicketClient, TicketwireError, reply, ticketEvent } from "ticketwire";
import type { Change, CheckedEvent, ClientOptions, Entry, Issue, TicketEvent, Warning } from "ticketwire";
import { webhook } from "ticketwire/webhook";
declare const client: TicketClient;
declare const event: TicketEvent;
declare const change: Change;
declare const entry: Entry;
declare const body: Uint8Array;
declare const headers: Headers;
`;

const RELAY = 'baseURL: "https://relay.example", token: "token"';
const DIRECT = 'apiKey: "key", botId: "bot"';

const RIGHT = {
  "a relay's client": `new TicketClient({ ${RELAY}, maxRetries: 0, hooks: { onRetry: ({ waitMs }) => waitMs } })`,
  "a token that is fetched": `new TicketClient({ baseURL: "https://relay.example", token: async () => "token" })`,
  "a client without relay": `new TicketClient({ ${DIRECT}, region: "us", dangerouslyAllowBrowser: true })`,
  "options that may be undefined": `new TicketClient({ ${RELAY}, maxRetries: undefined, logger: undefined })`,
  "the platform's console and fetch": `new TicketClient({ ${RELAY}, logger: console, fetch })`,
  "an event": `client.send({ platformConversationId: "c", metaData: [{ key: "k", value: "v", sanitize: true }] })`,
  "an event that never changes": `client.send({ platformConversationId: "c", metaData: [] } as const)`,
  "a checked event is one to send": `client.send(ticketEvent.parse(event)).then(({ tries }) => tries.toFixed())`,
  "either the value or the issues": `
    (() => {
      const result = ticketEvent.check(event);
      const found: Issue[] | CheckedEvent = result.issues ?? result.value;
      return found;
    })()`,
  "what kind of change it is tells what it holds": `
    change.type === "reply" ? change.reply.predictedIntents[0]?.confidence
    : change.type === "event" ? change.event.metaData?.[0]?.value
    : change.nextTryMs`,
  "an error's code, known or a relay's": `[new TicketwireError("timed-out", ""), new TicketwireError("api-failed", "")]`,
};

const WRONG = {
  "no options": `new TicketClient()`,
  "a relay without a token": `new TicketClient({ baseURL: "https://relay.example" })`,
  "a relay and a key": `new TicketClient({ ${RELAY}, apiKey: "key", botId: "bot" })`,
  "a key without a bot": `new TicketClient({ apiKey: "key" })`,
  "a region that there is not": `new TicketClient({ ${DIRECT}, region: "moon" })`,
  "a misspelt option": `new TicketClient({ ${RELAY}, maxRetry: 2 })`,
  "a number as text": `new TicketClient({ ${RELAY}, timeoutMs: "10" })`,
  "a token that is no text": `new TicketClient({ baseURL: "https://relay.example", token: () => 7 })`,
  "a hook that there is not": `new TicketClient({ ${RELAY}, hooks: { onError: () => {} } })`,
  "no event": `client.send()`,
  "an event of no conversation": `client.send({ text: "Hello" })`,
  "a misspelt member": `client.send({ platformConversationId: "c", metadata: [] })`,
  "a value that is no text": `client.send({ platformConversationId: "c", metaData: [{ key: "k", value: 1 }] })`,
  "variables as a map": `client.send({ platformConversationId: "c", metaData: { k: "v" } })`,
  "a value without its key": `client.send({ platformConversationId: "c", metaData: [{ value: "v" }] })`,
  "a misspelt option of a call": `client.send(event, { idempotency: "key" })`,
  "a way of following that there is not": `client.replies("c", { mode: "websocket" })`,
  "to wait for a loop": `client.replies("c").then(() => {})`,
  "the value before it is known": `ticketEvent.check(event).value.platform`,
  "the issues before they are known": `ticketEvent.check(event).issues.length`,
  "an issue's code that there is not": `((code: Issue["code"]) => code === "mispelt")`,
  "a warning's code among the issues": `((warning: Warning): Issue => warning)`,
  "a reply in an event": `entry.type === "event" && entry.reply`,
  "a personal value is not always there": `entry.type === "event" && entry.event.metaData?.[0]?.value.length`,
  "to change what an error says": `((error: TicketwireError) => { error.code = "aborted"; })`,
  "proof without a secret": `webhook.verify(body, headers, {})`,
  "two kinds of proof at once": `webhook.verify(body, headers, { secrets: ["s"], standardSecrets: ["s"] })`,
  "proof of what was read": `webhook.verify(JSON.parse("{}") as object, headers, { secrets: ["s"] })`,
  "a reply as an object": `reply.parse({ platformConversationId: "c" })`,
  "a builder without a name": `ticketEvent.build().text("Hello").build()`,
  "options of a relay with none of them": `((): ClientOptions => ({ region: "eu" }))`,
};

test("what works compiles", () => compile("build/types/right", modules(RIGHT)));

test("what can't work does not compile, each for itself", async () => {
  await compile(
    "build/types/wrong",
    modules(WRONG, (source) => `// @ts-expect-error\n${source}`),
  );
});

/** A module of each expression: on one line, since the compiler expects an error of the next line only. */
function modules(sources, written = (source) => source) {
  const entries = Object.values(sources).map((source, at) => [
    `case-${at + 1}.mts`,
    `// ${Object.keys(sources)[at]}${AROUND}${written(`void (${source.replaceAll(/\s+/g, " ")});`)}\n`,
  ]);
  return Object.fromEntries(entries);
}
