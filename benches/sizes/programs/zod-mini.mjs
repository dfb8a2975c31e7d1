import * as z from "zod/mini";
import { post } from "./by-hand.mjs";

const Variable = z.strictObject({
  key: z.string().check(z.minLength(1)),
  value: z.string(),
  sanitize: z.optional(z.boolean()),
});

const Event = z.strictObject({
  platformConversationId: z.string().check(z.minLength(1)),
  text: z.optional(z.string()),
  platform: z._default(z.string(), "PUBLIC_API"),
  metaData: z.optional(z.array(Variable).check(z.maxLength(100))),
});

export const send = async (url, token, event) => post(url, token, Event.parse(event));
