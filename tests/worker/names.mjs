// How the relay names its objects, by code of the tests' own.

import { createHash } from "node:crypto";
import { BOT_ID } from "./harness.mjs";

const sized = (text) => `${Buffer.byteLength(text)}:${text}`;

/** The name of the object that keeps a conversation. */
export const objectName = (id) =>
  createHash("sha256")
    .update(sized(BOT_ID) + sized(id))
    .digest("hex");
