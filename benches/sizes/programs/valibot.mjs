import * as v from "valibot";
import { post } from "./by-hand.mjs";

const Variable = v.strictObject({
  key: v.pipe(v.string(), v.minLength(1)),
  value: v.string(),
  sanitize: v.optional(v.boolean()),
});

const Event = v.strictObject({
  platformConversationId: v.pipe(v.string(), v.minLength(1)),
  text: v.optional(v.string()),
  platform: v.optional(v.string(), "PUBLIC_API"),
  metaData: v.optional(v.pipe(v.array(Variable), v.maxLength(100))),
});

export const send = async (url, token, event) => post(url, token, v.parse(Event, event));
