// The emulator's Worker: its handlers and its Durable Object.
import * as core from "core";
import { entry } from "../entry.js";

const { handlers, durableObject } = entry(core);

export default handlers;
export const Emulator = durableObject("Emulator");
