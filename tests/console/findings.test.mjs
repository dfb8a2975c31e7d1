// Every issue that the vectors know is shown at its field and at its line; what can be mended in one step, is.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { skip } from "../browser/chromium.mjs";
import { startConsole, write } from "./page.mjs";

const VECTORS = JSON.parse(readFileSync("tests/vectors/events.json", "utf8"));
const OWN_POLICY = ["limits", "unknownMembers", "fillInPlatform"];
/** No keyboard makes bytes that are no text. */
const NOT_TYPED = ["not-utf8"];
/** Each is about a header, and has no place in an event. */
const ELSEWHERE = ["not-header-safe"];

/** The vectors try limits at others than the default. */
const TOO_LONG = {
  name: "a name that is too long",
  input: JSON.stringify({ platformConversationId: "x".repeat(257) }),
  issues: [["/platformConversationId", "too-long"]],
};

const typed = [
  TOO_LONG,
  ...VECTORS.filter(
    (vector) =>
      vector.input !== undefined && vector.issues.length > 0 && !OWN_POLICY.some((name) => name in vector),
  ),
];

describe("what the check finds", { skip }, () => {
  let console_;
  let page;
  before(async () => (console_ = await startConsole()));
  after(() => console_?.stop());

  test("the vectors that can be typed know every issue of an event", () => {
    const codes = (vectors) => new Set(vectors.flatMap(({ issues }) => issues.map(([, code]) => code)));
    const missing = codes(VECTORS).difference(codes(typed));
    assert.deepEqual(
      [...missing].sort().filter((code) => !ELSEWHERE.includes(code)),
      NOT_TYPED.toSorted(),
    );
  });

  test("is shown at its field and at its line, for every vector", async (t) => {
    page = await console_.open(t);
    for (const { name, input, issues } of typed) {
      await write(page, input);
      const shown = await page.evaluate(readFindings);
      // A text area has its own word for the end of a line, and what it can't hold is another text.
      assert.deepEqual(shown.issues.map(String).sort(), issues.map(String).sort(), name);
      for (const { pointer, field, nearest } of shown.places)
        assert.equal(field, nearest, `${name}: ${pointer}`);
      for (const [, code] of issues)
        assert.ok(shown.codesAtLines.includes(code), `${name}: ${code} at a line`);
      assert.equal(shown.canSend, false, name);
    }
  });

  test("is mended by one click where that can be", async (t) => {
    const page = await console_.open(t);
    const mended = async (json, remedy) => {
      await write(page, JSON.stringify(json));
      await page.getByRole("button", { name: remedy }).first().click();
      return JSON.parse(await page.getByLabel("The same as JSON").inputValue());
    };
    const event = (members) => ({ platformConversationId: "c", ...members });
    const mail = { key: "mail", value: "jo@example.com" };
    assert.deepEqual(await mended(event({ metaData: [mail] }), "Mark as personal"), {
      ...event({ metaData: [{ ...mail, sanitize: true }] }),
    });
    assert.deepEqual(await mended(event({ txt: "x" }), "Take it out"), event());
    assert.deepEqual(await mended(event({ text: 7 }), "Write it as text"), event({ text: "7" }));
    const list = event({ metaData: [{ key: "order", value: "7" }] });
    assert.deepEqual(await mended(event({ metaData: { order: 7 } }), "Make it a list"), list);
    const { platformConversationId } = await mended({ text: "x" }, "Make one up");
    assert.match(platformConversationId, /^case-/);
    assert.equal(await page.locator(".findings li").count(), 0);
  });

  test("comes and goes as one types, in the form and in the JSON alike", async (t) => {
    const page = await console_.open(t);
    const json = page.getByLabel("The same as JSON");
    await write(page, '{ "platformConversationId": "c",\n\n  "text": "kept as it was written" }');
    await page.getByRole("button", { name: "Add a variable" }).click();
    assert.equal(await page.locator(".findings .issue").count(), 1);
    await page.keyboard.type("email");
    await page.keyboard.press("Tab");
    await page.keyboard.type("jo@example.com");
    assert.equal(await page.locator(".findings .issue").count(), 0);
    assert.equal(await page.locator(".findings .warning").count(), 1);
    await page.getByRole("switch", { name: "Personal" }).check();
    assert.equal(await page.locator(".findings li").count(), 0);
    const text = await json.inputValue();
    assert.match(text, /^\{ "platformConversationId": "c",\n\n {2}"text": "kept/);
    assert.deepEqual(JSON.parse(text).metaData, [{ key: "email", value: "jo@example.com", sanitize: true }]);
    await page.getByRole("button", { name: "Take out variable 1" }).click();
    assert.deepEqual(JSON.parse(await json.inputValue()).metaData, []);
    await json.fill("{");
    assert.equal(await page.getByLabel("Text", { exact: true }).isDisabled(), true);
    await json.fill('{"platformConversationId": "c"}');
    assert.equal(await page.getByLabel("Text", { exact: true }).isDisabled(), false);
  });

  test("leads to its line", async (t) => {
    const page = await console_.open(t);
    await write(page, '{\n  "platformConversationId": "c",\n  "text": 7\n}');
    await page.getByRole("button", { name: "Line 3" }).click();
    const selected = await page
      .getByLabel("The same as JSON")
      .evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
    assert.equal(selected, '  "text": 7');
  });
});

/** In the page: what is shown, and where. */
function readFindings() {
  const fields = [...document.querySelectorAll("[data-field]")].map(({ dataset }) => dataset.field);
  const isAround = (field, pointer) => pointer === field || pointer.startsWith(`${field}/`);
  const nearestTo = (pointer) =>
    fields.filter((field) => isAround(field, pointer)).sort((one, other) => other.length - one.length)[0];
  const items = [...document.querySelectorAll(".findings .issue")];
  return {
    issues: items.map(({ dataset }) => [dataset.pointer, dataset.code]),
    places: items.map((item) => ({
      pointer: item.dataset.pointer,
      field: item.parentElement.dataset.field,
      nearest: nearestTo(item.dataset.pointer),
    })),
    codesAtLines: [...document.querySelectorAll(".at-lines li")].flatMap(({ dataset }) =>
      dataset.codes.split(" "),
    ),
    canSend: !document.querySelector("button.main").disabled,
  };
}
