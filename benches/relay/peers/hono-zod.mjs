// What one would write today: Hono, zod, fetch.

import { Hono } from "hono";
import { z } from "zod";

const encoder = new TextEncoder();
const within = (max) => (text) => encoder.encode(text).length <= max;
const named = (max) => z.string().min(1).refine(within(max));

const TicketEvent = z.strictObject({
  platformConversationId: named(256),
  text: z
    .string()
    .refine(within(512 * 1024))
    .optional(),
  platform: named(64).default("PUBLIC_API"),
  metaData: z
    .array(
      z.strictObject({
        key: named(256),
        value: z.string().refine(within(16 * 1024)),
        sanitize: z.boolean().optional(),
      }),
    )
    .max(100)
    .optional(),
});

const app = new Hono();

app.post("/converse/ticket", async (context) => {
  const { API_BASE_URL, API_KEY, BOT_ID, RELAY_KEYS } = context.env;
  if (context.req.header("authorization") !== `Bearer ${RELAY_KEYS}`)
    return context.json({ error: "unauthorized" }, 401);
  const event = TicketEvent.safeParse(await context.req.json());
  if (!event.success) return context.json({ issues: event.error.issues }, 400);
  const answer = await fetch(`${API_BASE_URL}/converse/ticket`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: API_KEY, botid: BOT_ID },
    body: JSON.stringify(event.data),
    redirect: "manual",
    signal: AbortSignal.timeout(10_000),
  });
  return answer.ok ? context.body(null, 200) : context.json({ error: "api-failed" }, 502);
});

export default app;
