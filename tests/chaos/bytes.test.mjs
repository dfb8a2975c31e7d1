// What the checker says about what arrives, and how much has to happen at least.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { check } from "./checker.mjs";
import { Story, fails } from "./story.mjs";
import { summary } from "./summary.mjs";

describe("bytes", () => {
  fails(
    "other bytes arrive",
    (story) => story.send(1).request(1, { digest: "changed" }).answer(1, 200).state(1, "delivered"),
    /^bytes: arrived as bytes that nobody sent/,
  );
  fails(
    "bytes that were refused arrive",
    (story) =>
      story
        .send(1)
        .send(1, { digest: "other", probe: "other-body" })
        .answer(1, 409, { id: null })
        .request(1, { digest: "other" })
        .answer(1, 200)
        .state(1, "delivered"),
    /^bytes: arrived as bytes that nobody sent/,
  );
  fails(
    "200 before the API has it",
    (story) => story.send(1).answer(1, 200).request(1).state(1, "delivered"),
    /^bytes: answered with 200 before/,
  );
});

describe("progress", () => {
  test("finds: a run in which nothing happened", () => {
    const { violations } = check(new Story().good(1).books, { minutes: 1 });
    const missing = violations.map(({ message }) => message.replace(/:.*/, ""));
    for (const what of ["conversations", "kills", "kills answer-mark", "events accepted", "events parked"]) {
      assert.ok(missing.includes(what), what);
    }
  });

  test("counts what the table shows", () => {
    const story = new Story().send(1).request(1, { by: "cut" }).kill("answer-mark").request(1).answer(1, 200);
    const done = summary(check(story.books, { minutes: 1 }).history);
    assert.equal(done.duplicates, 1);
    assert.equal(done.lostAcknowledgements, 1);
    assert.deepEqual(done.killsByKind, { "answer-mark": 1 });
    assert.deepEqual(done.causes, { "acknowledgement lost": 1 });
  });
});
