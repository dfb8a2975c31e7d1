import { Ajv } from "ajv";
import { MAX } from "../rules.mjs";

const text = (maxLength, minLength = 0) => ({ type: "string", minLength, maxLength });
const object = (properties, required) => ({
  type: "object",
  additionalProperties: false,
  properties,
  required,
});

const variable = object({ key: text(MAX.key, 1), value: text(MAX.value), sanitize: { type: "boolean" } }, [
  "key",
  "value",
]);

const isEvent = new Ajv({ allErrors: true }).compile(
  object(
    {
      platformConversationId: text(MAX.id, 1),
      text: text(MAX.text),
      platform: text(MAX.platform, 1),
      metaData: { type: "array", maxItems: MAX.variables, items: variable },
    },
    ["platformConversationId"],
  ),
);

export const check = (value) => (isEvent(value) ? { value } : { issues: isEvent.errors });
