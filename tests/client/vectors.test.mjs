// The shared vectors: what each shape of the core says of an event is what the relay says, and what its
// errors say is the same.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { startRelay } from "../worker/harness.mjs";
import { shapesIn } from "./shapes.mjs";

const isOfDefaultPolicy = ({ limits, unknownMembers, fillInPlatform }) =>
  !limits && !unknownMembers && fillInPlatform !== false;

/** More issues than are listed. */
const NAMES = Array.from({ length: 105 }, (_, at) => `m${at}`);
const MANY = {
  name: "a hundred issues and five",
  input: JSON.stringify({
    platformConversationId: "c",
    ...Object.fromEntries(NAMES.map((name) => [name, 1])),
  }),
  issues: NAMES.slice(0, 100).map((name) => [`/${name}`, "unknown-member"]),
  omitted: 5,
  warnings: [],
};

const VECTORS = [...JSON.parse(readFileSync("tests/vectors/events.json")).filter(isOfDefaultPolicy), MANY];
const SHAPES = await shapesIn();

const bytesOf = ({ input, inputHex }) => Buffer.from(input ?? inputHex, input === undefined ? "hex" : "utf8");
const pairs = (findings = []) => findings.map(({ pointer, code }) => [pointer, code]);
const said = ({ issues, warnings, omitted = 0 }) => [pairs(issues), pairs(warnings), omitted];

/** Findings without the steps of their places, and under the names of a problem. */
const written = (findings = []) =>
  findings.map(({ pointer, code, message, detail = message }) => ({ pointer, code, detail }));

test("there are vectors", () => assert.ok(VECTORS.length > 50, `only ${VECTORS.length}`));

for (const [file, { ticketEvent, TicketClient, TicketwireError }] of SHAPES) {
  describe(file, () => {
    for (const vector of VECTORS) {
      const { name, issues, warnings, omitted = 0, bytesOnly } = vector;
      const expected = [issues, warnings, omitted];

      test(`${name}: as bytes`, () => {
        const checked = ticketEvent.checkJson(bytesOf(vector));
        assert.deepEqual(said(checked), expected);
        assert.equal("value" in checked, issues.length === 0);
      });

      test(`${name}: as bytes that are passed on`, () => {
        const checked = ticketEvent.checkBytes(bytesOf(vector));
        assert.deepEqual(said(checked), expected);
        if (issues.length > 0) return assert.ok(!("value" in checked));
        const { value } = ticketEvent.checkJson(bytesOf(vector));
        assert.deepEqual(ticketEvent.checkJson(checked.value), { value, warnings: checked.warnings });
      });

      if (vector.input !== undefined) {
        test(`${name}: as text`, () => {
          assert.deepEqual(ticketEvent.checkJson(vector.input), ticketEvent.checkJson(bytesOf(vector)));
        });
      }

      if (!bytesOnly) {
        test(`${name}: as a value`, async () => {
          const value = JSON.parse(bytesOf(vector));
          const checked = ticketEvent.check(value);
          assert.deepEqual(said(checked), expected);
          assert.deepEqual(checked.value, ticketEvent.checkJson(bytesOf(vector)).value);
          if (issues.length > 0) await assertNeverSent(value, checked);
        });
      }
    }

    // The core's memory grows meanwhile.
    test("texts of every size come out as they went in", () => {
      for (const size of [1, 60_000, 1, 180_000, 300_000, 500_000, 1, 520_000]) {
        const event = { platformConversationId: "c", text: "é".repeat(size / 2), platform: "PUBLIC_API" };
        assert.deepEqual(ticketEvent.check(event), { value: event, warnings: [] });
        assert.deepEqual(ticketEvent.checkJson(JSON.stringify(event)), { value: event, warnings: [] });
      }
    });

    /** What is refused is the error of `parse` and of `send`, before anything is sent. */
    async function assertNeverSent(value, { issues, warnings }) {
      const isRefusal = (error) => {
        assert.ok(error instanceof TicketwireError);
        assert.deepEqual([error.code, error.issues, error.warnings], ["invalid-event", issues, warnings]);
        return true;
      };
      let calls = 0;
      const fetch = async () => ((calls += 1), new Response(null));
      const client = new TicketClient({ baseURL: "http://localhost:1", token: "t", fetch });
      assert.throws(() => ticketEvent.parse(value), isRefusal);
      await assert.rejects(client.send(value), isRefusal);
      assert.equal(calls, 0);
    }
  });
}

describe("the relay", () => {
  const [[, { ticketEvent, TicketClient }]] = SHAPES;
  let relay;
  // Nothing gets as far as the API: what is accepted ends there, for want of one.
  before(async () => {
    const variables = { API_BASE_URL: "http://127.0.0.1:1", API_KEY: "emu_k", DELIVERY: "direct" };
    relay = await startRelay({ variables: { ...variables, WEBHOOK_SECRETS: "webhook_secret_of_a_test" } });
  });
  after(() => relay.stop());

  for (const vector of VECTORS) {
    test(`says the same: ${vector.name}`, async () => {
      const checked = ticketEvent.checkJson(bytesOf(vector));
      const answer = await relay.send(bytesOf(vector));
      const problem = await answer.json();
      if (!checked.issues) return assert.equal(problem.code, "api-unreachable");
      assert.deepEqual([answer.status, problem.code], [400, "invalid-event"]);
      assert.deepEqual(problem.errors, written(checked.issues));
      assert.deepEqual(problem.warnings ?? [], written(checked.warnings));
      assert.equal(problem.errorsOmitted ?? 0, checked.omitted);
    });

    test(`and so does the error of \`send\`: ${vector.name}`, async () => {
      const { issues, warnings } = ticketEvent.checkJson(bytesOf(vector));
      // In place of an event that has passed the check here.
      const swap = (url, init) => fetch(url, { ...init, body: bytesOf(vector) });
      const client = new TicketClient({ baseURL: relay.url, token: relay.key, fetch: swap, maxRetries: 0 });
      await assert.rejects(client.send({ platformConversationId: "c" }), (error) => {
        if (!issues) return error.code === "api-unreachable";
        assert.deepEqual([error.code, error.status], ["invalid-event", 400]);
        assert.deepEqual(error.issues, issues);
        assert.deepEqual(error.warnings ?? [], warnings);
        return true;
      });
    });
  }
});
