// A trap in the core: it is an error like any other, and only of the call that met it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { build } from "../../scripts/build.mjs";
import { shapesIn } from "./shapes.mjs";

const TRAP = "trap!";
/** What a relay answers, as far as it says that an event was taken. */
const TAKEN = { headers: { "x-request-id": "request" } };
const RELAY = { baseURL: "http://localhost:1", token: "t", maxRetries: 0 };

await build("trap", () => {});
const SHAPES = await shapesIn("build/trap/dist");

for (const [file, { ticketEvent, reply, TicketClient, TicketwireError }] of SHAPES) {
  describe(file, () => {
    const crash = () => ticketEvent.check({ platformConversationId: TRAP });

    function isCrash(error) {
      assert.ok(error instanceof TicketwireError, error.stack);
      assert.equal(error.code, "core-crashed");
      assert.match(error.message, /report/);
      assert.ok(error.cause instanceof Error);
      assert.equal(error.retryable, false);
      return true;
    }

    /** The core does all that it did before. */
    function works() {
      const event = { platformConversationId: "c", text: "trap! no", platform: "PUBLIC_API" };
      assert.deepEqual(ticketEvent.check(event), { value: event, warnings: [] });
      assert.deepEqual(reply.parse('{"platformConversationId":"c","text":"x"}').text, "x");
    }

    for (const [door, call] of Object.entries({
      check: crash,
      parse: () => ticketEvent.parse({ platformConversationId: TRAP }),
      checkJson: () => ticketEvent.checkJson(`{"platformConversationId":"${TRAP}"}`),
      build: () => ticketEvent.build(TRAP).build(),
    })) {
      test(`${door}: the next call works`, () => {
        works();
        assert.throws(call, isCrash);
        works();
      });
    }

    test("over and over", () => {
      for (let times = 0; times < 100; times += 1) {
        assert.throws(crash, isCrash);
        if (times % 3 === 0) works();
      }
      works();
    });

    test("an event that crashes the core is not sent", async () => {
      let calls = 0;
      const fetch = async () => ((calls += 1), new Response(null, TAKEN));
      const client = new TicketClient({ ...RELAY, fetch });
      await assert.rejects(client.send({ platformConversationId: TRAP }), isCrash);
      assert.equal(calls, 0);
      await client.send({ platformConversationId: "c" });
      assert.equal(calls, 1);
    });

    test("events that are on their way arrive, and are tried again", async () => {
      const answers = [];
      const fetch = () => new Promise((resolve) => answers.push(resolve));
      const client = new TicketClient({ ...RELAY, fetch, maxRetries: 1 });
      const sent = [1, 2].map((at) => client.send({ platformConversationId: `c${at}` }));
      await taken(answers, 2);
      assert.throws(crash, isCrash);
      answers[0](new Response(null, TAKEN));
      answers[1](new Response(null, { status: 503, headers: { "retry-after": "0" } }));
      await taken(answers, 3);
      assert.throws(crash, isCrash);
      answers[2](new Response(null, { status: 202, headers: { "ticketwire-event": "event" } }));
      const receipts = await Promise.all(sent);
      assert.deepEqual(
        receipts.map(({ state, tries }) => [state, tries]),
        [
          ["delivered", 1],
          ["pending", 2],
        ],
      );
    });

    test("a stream goes on in the midst of a frame", async () => {
      const { client, write } = streaming();
      const replies = client.replies("c");
      const first = replies.next();
      write(frame(1, "one").slice(0, 40));
      await turn();
      assert.throws(crash, isCrash);
      write(frame(1, "one").slice(40));
      assert.equal((await first).value.text, "one");
      const second = replies.next();
      assert.throws(crash, isCrash);
      write(frame(2, "two"));
      assert.equal((await second).value.text, "two");
      await replies.return();
    });

    test("a stream that crashes the core ends with that; another goes on", async () => {
      const [bad, good] = [streaming(), streaming()];
      const replies = good.client.replies("c");
      const kept = replies.next();
      good.write(frame(1, "kept").slice(0, 30));
      await turn();
      const crashed = bad.client.replies("c").next();
      bad.write(`event: reply\nid: 1\ndata: ${TRAP}\n\n`);
      await assert.rejects(crashed, isCrash);
      assert.ok(await bad.isLeft());
      good.write(frame(1, "kept").slice(30));
      assert.equal((await kept).value.text, "kept");
      await replies.return();
      works();
    });

    /** A client whose relay says what `write` is given. */
    function streaming() {
      let controller;
      let left;
      const isLeft = new Promise((resolve) => (left = resolve));
      const body = new ReadableStream({
        start: (own) => void (controller = own),
        cancel: () => left(true),
      });
      const fetch = async () => new Response(body, { headers: { "content-type": "text/event-stream" } });
      const write = (text) => controller.enqueue(new TextEncoder().encode(text));
      return { client: new TicketClient({ ...RELAY, fetch }), write, isLeft: () => isLeft };
    }
  });
}

/** A reply as the relay sends it. */
function frame(seq, text) {
  const reply = { platformConversationId: "c", text };
  return `event: reply\nid: ${seq}\ndata: ${JSON.stringify({ seq, atMs: 1, reply })}\n\n`;
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

async function taken(list, count) {
  while (list.length < count) await turn();
}
