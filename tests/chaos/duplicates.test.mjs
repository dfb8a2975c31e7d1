// What the checker says about what comes twice.

import { describe } from "node:test";
import { fails, passes } from "./story.mjs";

describe("duplicates", () => {
  const twice = (story, first) => story.send(1).request(1, first).request(1);
  const end = (story) => story.answer(1, 200).state(1, "delivered");
  for (const [name, first] of [
    ["a time-out", { by: "left" }],
    ["a lost acknowledgement", { by: "cut" }],
    ["a kill while it was under way", { by: "kill" }],
    ["an acknowledgement that a gateway denied", { status: 502, processed: true }],
  ]) {
    passes(`twice, because of ${name}`, (story) => end(twice(story, first)));
    fails(
      `three times, because of one of ${name}`,
      (story) => end(twice(story, first).request(1)),
      /^duplicates: taken 3 times, and only 1 causes/,
    );
  }
  const late = (story, ms) => story.send(1).begin(1).wait(ms).finish(1, 1);
  passes("twice, because the answer came when the time was about to be over", (story) =>
    end(late(story, 1_900).request(1)),
  );
  fails(
    "twice, though the answer came in time",
    (story) => end(late(story, 1_000).request(1)),
    /^duplicates: taken 2 times, and only 0 causes/,
  );
  fails(
    "twice, though its caller was told of the late answer",
    (story) => late(story, 1_900).answer(1, 200).request(1).state(1, "delivered"),
    /^duplicates: taken 2 times, and only 0 causes/,
  );
  passes("twice, because of a kill before the mark", (story) =>
    end(story.send(1).request(1).kill().request(1)),
  );
  fails(
    "twice, behind a refusal that was one",
    (story) => end(twice(story, { status: 502, processed: false }).request(1)),
    /^duplicates: taken 2 times, and only 0 causes/,
  );
  fails(
    "twice, for no reason",
    (story) => end(twice(story, {})),
    /^duplicates: taken 2 times, and only 0 causes/,
  );
  fails(
    "twice, though its caller had been told before the kill",
    (story) => story.send(1).request(1).answer(1, 200).kill().request(1).state(1, "delivered"),
    /^duplicates: taken 2 times, and only 0 causes/,
  );
  fails(
    "twice, because of another's time-out",
    (story) =>
      end(twice(story.send(2).request(2, { by: "left" }).request(2).answer(2, 200), {})).state(
        2,
        "delivered",
      ),
    /^duplicates: taken 2 times/,
    // The two are told in the order 2, 1.
    /^order/,
  );
});

describe("the quiet phase", () => {
  const quiet = { conversation: "quiet-1" };
  const told = (story) => story.send(1, quiet);
  const end = (story) => story.answer(1, 200, quiet).state(1, "delivered", quiet);
  passes("one try each", (story) => end(told(story).request(1, quiet)));
  fails(
    "a second try, even for a reason",
    (story) =>
      end(
        told(story)
          .request(1, { ...quiet, by: "left" })
          .request(1, quiet),
      ),
    /^quiet phase: sent 2 times/,
    /^duplicates: taken more than once/,
  );
});

describe("idempotency", () => {
  passes("the same answer to the same question", (story) =>
    story.good(1).send(1).answer(1, 200, { replayed: true }),
  );
  passes("other bytes are refused", (story) =>
    story.good(1).send(1, { digest: "other", probe: "other-body" }).answer(1, 409, { id: null }),
  );
  fails(
    "two ids for one key",
    (story) => story.good(1).send(1).answer(1, 202, { id: "x-7", replayed: true }),
    /^idempotency: one key, 2 ids/,
  );
  fails(
    "a repeat that is taken for new",
    (story) => story.good(1).send(1).answer(1, 200),
    /not said to be a repeat/,
  );
  fails(
    "one id for two events",
    (story) => story.good(1).send(2).request(2).answer(2, 200, { id: "x-1" }),
    /^idempotency: has the id x-1, as case-1#1 has/,
    /^order|^delivery/,
  );
  fails(
    "other bytes that are accepted",
    (story) => story.good(1).send(1, { digest: "other", probe: "other-body" }).answer(1, 200),
    /^idempotency: other bytes under its key were answered with 200/,
  );
  fails(
    "an acceptance without id",
    (story) => story.send(1).request(1).answer(1, 200, { id: null }),
    /^idempotency: accepted without an id/,
    /^delivery/,
  );
});
