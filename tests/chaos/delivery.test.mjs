// What the checker says about delivery, and about sending again.

import { describe } from "node:test";
import { fails, passes } from "./story.mjs";

describe("delivery", () => {
  passes("events one after another", (story) => story.good(1).good(2).good(3).parked());
  passes("one that is delivered later", (story) =>
    story.send(1).answer(1, 202).request(1, { status: 503 }).request(1).state(1, "delivered"),
  );
  passes("one that the API refused, and that is parked", (story) =>
    story.send(1).request(1, { status: 400 }).answer(1, 202).state(1, "parked").parked(),
  );
  passes("a send without key that nobody answered", (story) =>
    story.send(1, { key: null }).kill().answer(1, undefined, { id: null, error: "ECONNRESET" }),
  );
  fails(
    "an event that is said to be delivered and never arrived",
    (story) => story.send(1).answer(1, 202).state(1, "delivered"),
    /^delivery: lost/,
  );
  fails(
    "an event that is said to be delivered and only failed",
    (story) => story.send(1).request(1, { status: 503 }).answer(1, 202).state(1, "delivered"),
    /^delivery: lost/,
  );
  fails(
    "an event that nobody knows any more",
    (story) => story.send(1).answer(1, 202),
    /^delivery: GET \/events\/\{id\} answered nothing/,
  );
  fails(
    "an event that still waits in the end",
    (story) => story.send(1).answer(1, 202).state(1, "pending").drained(1),
    /^delivery: still pending/,
    /^delivery: chaos: 1 events still waited/,
  );
  fails(
    "an event parked without a refusal",
    (story) => story.send(1).request(1, { status: 503 }).answer(1, 202).state(1, "parked").parked(),
    /^delivery: parked, and the API never refused it/,
  );
  fails(
    "a parked event that is not listed",
    (story) => story.send(1).request(1, { status: 400 }).answer(1, 202).state(1, "parked").parked([]),
    /^delivery: GET \/parked.*not listed/,
  );
  fails(
    "a delivered event that is listed",
    (story) => story.good(1).parked(["x-1"]),
    /listed, and not parked/,
  );
  fails("a list that is cut short", (story) => story.parked([], { total: 3 }), /0 listed of a total of 3/);
  fails(
    "a document of another event",
    (story) =>
      story.send(1).request(1).answer(1, 200).state(1, "delivered", { platformConversationId: "case-2" }),
    /^delivery: it says it is of case-2/,
  );
  fails(
    "a try that it does not count",
    (story) =>
      story.send(1).request(1, { status: 503 }).request(1).answer(1, 200).state(1, "delivered", { tries: 1 }),
    /^delivery: it counts 1 tries, and the wire saw 2 requests/,
  );
  fails(
    "more tries than the wire and kills explain",
    (story) => story.send(1).request(1).answer(1, 200).kill().state(1, "delivered", { tries: 3 }),
    /^delivery: it counts 3 tries, and the wire saw 1 requests/,
  );
  fails(
    "a caller that is never answered",
    (story) => story.send(1).answer(1, 503, { id: null, code: "not-stored" }),
    /^delivery: never accepted: the last answer was 503 not-stored/,
  );
});

describe("sending again", () => {
  const parked = (story) => story.send(1).request(1, { status: 400 }).answer(1, 202);
  passes("a parked event, behind later ones", (story) =>
    parked(story).good(2).parked(["x-1"], { when: "drained" }).replay(1).request(1).state(1, "delivered"),
  );
  fails(
    "one that never arrives",
    (story) => parked(story).parked(["x-1"], { when: "drained" }).replay(1).state(1, "pending"),
    /still pending/,
    /was to be sent again, and is pending/,
  );
  fails(
    "one that is said to be delivered and never arrives",
    (story) => parked(story).parked(["x-1"], { when: "drained" }).replay(1).state(1, "delivered"),
    /lost/,
    /never arrived after that/,
  );
  fails(
    "one that is refused",
    (story) =>
      parked(story).parked(["x-1"], { when: "drained" }).replay(1, 404).request(1).state(1, "delivered"),
    /sending it again was answered with 404/,
  );
});
