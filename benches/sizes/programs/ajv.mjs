import { Ajv } from "ajv";
import { post } from "./by-hand.mjs";

const text = { type: "string" };
const name = { type: "string", minLength: 1 };
const object = { type: "object", additionalProperties: false };

const variable = {
  ...object,
  required: ["key", "value"],
  properties: { key: name, value: text, sanitize: { type: "boolean" } },
};

const isEvent = new Ajv({ allErrors: true, useDefaults: true }).compile({
  ...object,
  required: ["platformConversationId"],
  properties: {
    platformConversationId: name,
    text,
    platform: { type: "string", default: "PUBLIC_API" },
    metaData: { type: "array", maxItems: 100, items: variable },
  },
});

export async function send(url, token, event) {
  if (!isEvent(event)) throw new TypeError("this is no ticket event", { cause: isEvent.errors });
  return post(url, token, event);
}
