import * as z from "zod";
import { MAX } from "../rules.mjs";

const Variable = z.strictObject({
  key: z.string().min(1).max(MAX.key),
  value: z.string().max(MAX.value),
  sanitize: z.boolean().optional(),
});

const Event = z.strictObject({
  platformConversationId: z.string().min(1).max(MAX.id),
  text: z.string().max(MAX.text).optional(),
  platform: z.string().min(1).max(MAX.platform).optional(),
  metaData: z.array(Variable).max(MAX.variables).optional(),
});

export function check(value) {
  const { success, data, error } = Event.safeParse(value);
  return success ? { value: data } : { issues: error.issues };
}
