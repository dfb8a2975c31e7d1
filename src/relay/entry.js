// The relay's Worker: its handlers and its Durable Objects.
import * as core from "core";
import { entry } from "../entry.js";

const { handlers, durableObject } = entry(core);

export default handlers;
export const Conversation = durableObject("Conversation");
export const Parked = durableObject("Parked");
export const Standing = durableObject("Standing");
