// The relay's Worker: its handlers and its Durable Objects.
import * as core from "core";
import { entry } from "../entry.js";
import * as page from "./console.js";
import { answer } from "./work.js";

const { handlers, durableObject } = entry(core, answer);

export default {
  fetch: (request, env, context) => page.answer(request, env) ?? handlers.fetch(request, env, context),
};
export const Conversation = durableObject("Conversation");
export const Parked = durableObject("Parked");
export const Standing = durableObject("Standing");
export const Stats = durableObject("Stats");
