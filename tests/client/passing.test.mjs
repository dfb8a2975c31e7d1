// What need not be carried over to the core, or back: bytes that may go as they are, and long texts in which it
// would find nothing.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { shapesIn } from "./shapes.mjs";

const bytes = (text) => new TextEncoder().encode(text);
const text = (bytes) => new TextDecoder().decode(bytes);
const findings = ({ issues = [], warnings }) =>
  [...issues, ...warnings].map(({ pointer, code }) => [pointer, code]);

const event = (more) => ({ platformConversationId: "c", platform: "PUBLIC_API", ...more });
const variables = (count, length) =>
  Array.from({ length: count }, (_, at) => ({ key: `k${at}`, value: "v".repeat(length) }));

/** Texts by what is in them; each is longer than what is written byte by byte. */
const LONG = {
  "of ASCII": "words ".repeat(1_000),
  "of characters of two bytes": "über ".repeat(1_000),
  "of characters of four bytes": "🙂".repeat(12_000),
  "with all that is escaped": 'a"b\\c\n\t\u0001/\u2028'.repeat(500),
  "with U+0000 at its end": `${"words ".repeat(1_000)}\0`,
  "with half a pair at its end": `${"words ".repeat(1_000)}\ud83d`,
  "with half a pair at its beginning": `\udc00${"über ".repeat(1_000)}`,
  "as long as it may be": "v".repeat(524_288),
  "longer than that": "v".repeat(524_289),
  "too long in bytes": "ü".repeat(262_145),
};

/** Events that are about as large as they may be, with a text that is not. */
const LARGE = {
  "large beside its text": event({ text: "ü".repeat(40_000), metaData: variables(60, 16_000) }),
  "too large with its text": event({ text: "ü".repeat(49_000), metaData: variables(64, 16_000) }),
};

/** Values by what is said of them, where JSON has no word for all. */
const OTHER = [
  [undefined, [["", "wrong-type"]]],
  [null, [["", "wrong-type"]]],
  [[undefined, null], [["", "wrong-type"]]],
  [event({ text: null }), [["/text", "wrong-type"]]],
  [event({ text: undefined, colour: undefined }), []],
  [event({ text: () => 1 }), [["/text", "wrong-type"]]],
  [
    event({ metaData: [null, undefined, Symbol("s"), [], new Map()] }),
    [0, 1, 2, 3, 4].map((at) => [`/metaData/${at}`, "wrong-type"]),
  ],
  [
    event({
      metaData: [
        { key: "k", value: -1.5e300 },
        { key: NaN, value: true },
      ],
    }),
    ["0/value", "1/key", "1/value"].map((place) => [`/metaData/${place}`, "wrong-type"]),
  ],
];

for (const [file, { ticketEvent }] of await shapesIn()) {
  describe(file, () => {
    test("bytes that may go as they are are the value", () => {
      const body = bytes('{ "text": "ü", "platform": "PUBLIC_API", "platformConversationId": "c" }');
      const { value, warnings } = ticketEvent.checkBytes(body);
      assert.equal(value, body);
      assert.deepEqual(warnings, []);
    });

    test("and with a warning as well", () => {
      const body = bytes('{"platformConversationId":"c","platform":"other"}');
      const checked = ticketEvent.checkBytes(body);
      assert.equal(checked.value, body);
      assert.deepEqual(findings(checked), [["/platform", "unusual-platform"]]);
    });

    test("what is missing is filled in, and nothing else is touched", () => {
      const body = bytes('\n { "text" : "ü{" ,\t"platformConversationId":"c"}');
      const { value } = ticketEvent.checkBytes(body);
      assert.equal(
        text(value),
        '\n {"platform":"PUBLIC_API", "text" : "ü{" ,\t"platformConversationId":"c"}',
      );
      assert.equal(text(body), '\n { "text" : "ü{" ,\t"platformConversationId":"c"}');
    });

    test("a part of a larger buffer is that part", () => {
      const whole = bytes('xx{"platformConversationId":"c"}xx');
      const { value } = ticketEvent.checkBytes(whole.subarray(2, -2));
      assert.deepEqual(JSON.parse(text(value)), event());
      assert.equal(ticketEvent.checkBytes(new DataView(whole.buffer, 2, whole.length - 4)).issues, undefined);
    });

    for (const [name, long] of Object.entries(LONG)) {
      test(`a text ${name}`, () => assertSame(event({ text: long })));
      test(`a value ${name}`, () => assertSame(event({ metaData: [{ key: "k", value: long }] })));
      test(`a text where there is none, ${name}`, () => assertSame(event({ metaData: [{ text: long }] })));
    }

    for (const [name, large] of Object.entries(LARGE)) test(name, () => assertSame(large));

    OTHER.forEach(([value, expected], at) =>
      test(`value ${at + 1} that JSON has no word for`, () => {
        assert.deepEqual(findings(ticketEvent.check(value)), expected);
      }),
    );

    test("what is checked is its caller's own", () => {
      const given = event({ metaData: variables(1, 1) });
      const { value } = ticketEvent.check(given);
      value.metaData[0].value = "other";
      assert.equal(given.metaData[0].value, "v");
    });

    /** As a value and as JSON the same is said, and the same comes out. */
    function assertSame(value) {
      const [one, other] = [ticketEvent.check(value), ticketEvent.checkJson(JSON.stringify(value))];
      assert.deepEqual(findings(one), findings(other));
      assert.deepEqual(one.value, other.value);
      if (!one.issues) assert.deepEqual(one.value, value);
    }
  });
}
