// What the checker says about order, and about what is under way at once.

import { describe } from "node:test";
import { fails, passes } from "./story.mjs";

describe("order", () => {
  passes("of a burst, as it was accepted", (story) =>
    story
      .send(1)
      .send(2)
      .request(2, {})
      .answer(2, 200, { id: "x-1" })
      .request(1)
      .answer(1, 200, { id: "x-2" })
      .state(1, "delivered", { id: "x-2" })
      .state(2, "delivered", { id: "x-1" }),
  );
  fails(
    "a later event first",
    (story) =>
      story
        .send(1)
        .answer(1, 202)
        .send(2)
        .answer(2, 202)
        .request(2)
        .request(1)
        .state(1, "delivered")
        .state(2, "delivered"),
    /^order: out of order: arrival 2 came after case-1#2/,
  );
  fails(
    "a retry behind a later event",
    (story) =>
      story.send(1).request(1, { status: 503 }).answer(1, 202).good(2).request(1).state(1, "delivered"),
    /^order: out of order: arrival 3/,
  );
  fails(
    "an acceptance that overtakes",
    (story) =>
      story
        .send(1)
        .answer(1, 202, { id: "x-2" })
        .send(2)
        .answer(2, 202, { id: "x-1" })
        .request(2)
        .request(1)
        .state(1, "delivered", { id: "x-2" })
        .state(2, "delivered", { id: "x-1" }),
    /^order: accepted as 1, but case-1#1, answered before it was sent, as 2/,
  );
});

describe("one in flight", () => {
  const two = (story) => story.send(1).send(2).answer(1, 202).answer(2, 202).begin(1).begin(2);
  const end = (story) => story.state(1, "delivered").state(2, "delivered");
  fails(
    "two at once",
    (story) => end(two(story).finish(1, 1).finish(2, 2)),
    /^one in flight: sent \(request 2\) while request 1 for #1 was under way/,
  );
  fails(
    "a third inside of a long one",
    (story) => end(two(story).finish(2, 2).finish(1, 1)),
    /request 2/,
    // Their ends are the journal's order here as well.
  );
  passes("one behind one that a kill has ended", (story) =>
    story
      .send(1)
      .answer(1, 202)
      .begin(1)
      .kill()
      .finish(1, 1, { by: "kill" })
      .request(1)
      .state(1, "delivered"),
  );
});
