import Type from "typebox";
import { Compile } from "typebox/compile";
import { MAX } from "../rules.mjs";

const text = (maxLength, minLength = 0) => Type.String({ minLength, maxLength });
const STRICT = { additionalProperties: false };

const Variable = Type.Object(
  { key: text(MAX.key, 1), value: text(MAX.value), sanitize: Type.Optional(Type.Boolean()) },
  STRICT,
);

const Event = Compile(
  Type.Object(
    {
      platformConversationId: text(MAX.id, 1),
      text: Type.Optional(text(MAX.text)),
      platform: Type.Optional(text(MAX.platform, 1)),
      metaData: Type.Optional(Type.Array(Variable, { maxItems: MAX.variables })),
    },
    STRICT,
  ),
);

export const check = (value) => (Event.Check(value) ? { value } : { issues: Event.Errors(value) });
