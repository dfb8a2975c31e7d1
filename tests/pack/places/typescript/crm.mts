// A CRM's own code, as strict as TypeScript can be.

import {
  TicketClient,
  TicketwireError,
  reply,
  ticketEvent,
  type AgentReply,
  type ClientOptions,
  type TicketEvent,
} from "ticketwire";
import { webhook } from "ticketwire/webhook";
import { zendeskFetch } from "ticketwire/zendesk";

const options: ClientOptions = { baseURL: "https://relay.example", token: async () => "token" };
const client = new TicketClient(options);

export async function ask(text: string): Promise<string | undefined> {
  const event: TicketEvent = { platformConversationId: "case-1", text };
  const checked = ticketEvent.check(event);
  if (checked.issues) throw new Error(checked.issues.map(({ pointer, code }) => `${pointer} ${code}`).join());
  const { data, response } = await client.send(checked.value).withResponse();
  const key: string = data.idempotencyKey;
  for await (const { seq, text } of client.replies("case-1", { after: 0 })) if (seq > 0 && key) return text;
  return String(response.status);
}

export async function heard(body: Uint8Array, headers: Headers): Promise<AgentReply | undefined> {
  const proof = await webhook.verify(body, headers, { secrets: ["secret"] });
  return proof.ok ? reply.parse(body) : undefined;
}

export const isMine = (error: unknown): boolean =>
  error instanceof TicketwireError && error.code === "invalid-event" && error.issues !== undefined;

export const app = (zaf: Parameters<typeof zendeskFetch>[0]): TicketClient =>
  new TicketClient({ baseURL: "https://relay.example", token: "token", fetch: zendeskFetch(zaf) });

// @ts-expect-error: a relay needs a token
export const nobody = new TicketClient({ baseURL: "https://relay.example" });

// @ts-expect-error: a value is a string
export const wrong: TicketEvent = { platformConversationId: "case-1", metaData: [{ key: "a", value: 1 }] };
