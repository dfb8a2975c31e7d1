import * as v from "valibot";
import { MAX } from "../rules.mjs";

const name = (max) => v.pipe(v.string(), v.minLength(1), v.maxLength(max));
const text = (max) => v.pipe(v.string(), v.maxLength(max));

const Variable = v.strictObject({
  key: name(MAX.key),
  value: text(MAX.value),
  sanitize: v.optional(v.boolean()),
});

const Event = v.strictObject({
  platformConversationId: name(MAX.id),
  text: v.optional(text(MAX.text)),
  platform: v.optional(name(MAX.platform)),
  metaData: v.optional(v.pipe(v.array(Variable), v.maxLength(MAX.variables))),
});

export function check(value) {
  const { success, output, issues } = v.safeParse(Event, value);
  return success ? { value: output } : { issues };
}
