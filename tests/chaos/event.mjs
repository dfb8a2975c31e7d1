// The events of a run: numbered, so that each can be told from its bytes wherever they turn up.

import { createHash } from "node:crypto";

const FILLING = ["parcel ", "Größe ", "住所 ", "\u{1F4E6} ", 'a "quoted" \\ word ', "\n"];

export const nameOf = (conversation, n) => `${conversation}#${n}`;

export const digest = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 16);

/** The bytes of event `n` of a conversation, already as the API takes them: the relay must not change one. */
export function bytesOf(conversation, n, dice) {
  const words = dice.chance(0.01) ? dice.whole(2_000, 8_000) : dice.whole(0, 40);
  const filling = Array.from({ length: words }, () => dice.pick(FILLING)).join("");
  return Buffer.from(
    JSON.stringify({
      platformConversationId: conversation,
      text: `${nameOf(conversation, n)} ${filling}`,
      platform: "PUBLIC_API",
      metaData: [{ key: "number", value: String(n), sanitize: dice.chance(0.3) }],
    }),
  );
}

/** Which event these bytes are. */
export function read(bytes) {
  try {
    const { platformConversationId: conversation, text } = JSON.parse(bytes);
    return { conversation, n: Number(/#(\d+)/.exec(text)?.[1]), digest: digest(bytes) };
  } catch {
    return { digest: digest(bytes) };
  }
}

/** An event's place in the order of acceptance: the number at the end of its id. */
export const placeOf = (id) => Number(/-(\d+)$/.exec(id ?? "")?.[1]);
