import { type } from "arktype";
import { MAX } from "../rules.mjs";

const Variable = type({
  "+": "reject",
  key: `1 <= string <= ${MAX.key}`,
  value: `string <= ${MAX.value}`,
  "sanitize?": "boolean",
});

const Event = type({
  "+": "reject",
  platformConversationId: `1 <= string <= ${MAX.id}`,
  "text?": `string <= ${MAX.text}`,
  "platform?": `1 <= string <= ${MAX.platform}`,
  "metaData?": Variable.array().atMostLength(MAX.variables),
});

export function check(value) {
  const checked = Event(value);
  return checked instanceof type.errors ? { issues: [...checked] } : { value: checked };
}
