// Replies, as each shape of the core reads them.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { shapesIn } from "./shapes.mjs";

/** What a JSON text says of a name that stands twice is what it says last. */
const TWICE = `{"platformConversationId":"b","text":"a","text":5,"conversationId":5,"conversationId":"c",
  "x":1,"y":2,"x":3,"botId":"first","botId":"last","platformConversationId":"c"}`;

for (const [file, { reply }] of await shapesIn()) {
  describe(file, () => {
    test("of what stands twice the last counts", () => {
      assert.deepEqual(reply.parse(TWICE), {
        platformConversationId: "c",
        botId: "last",
        conversationId: "c",
        predictedIntents: [],
        attachments: [],
        extra: { text: 5, y: 2, x: 3 },
      });
    });

    test("very many members are all there", () => {
      const extra = Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`m${at}`, at]));
      const body = JSON.stringify({ platformConversationId: "c", ...extra });
      assert.deepEqual(reply.parse(body).extra, extra);
    });
  });
}
