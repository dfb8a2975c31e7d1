import * as z from "zod";
import { post } from "./by-hand.mjs";

const Variable = z.strictObject({
  key: z.string().min(1),
  value: z.string(),
  sanitize: z.boolean().optional(),
});

const Event = z.strictObject({
  platformConversationId: z.string().min(1),
  text: z.string().optional(),
  platform: z.string().default("PUBLIC_API"),
  metaData: z.array(Variable).max(100).optional(),
});

export const send = async (url, token, event) => post(url, token, Event.parse(event));
