// What is checked: the example of the API's reference page, an e-mail as customers write them (and the same for
// engines that keep such texts in half the room), and an event with five faults that every validator can name.

import { EXAMPLE } from "../../tests/worker/harness.mjs";

const PARAGRAPH =
  'Hello,\n\nI ordered two pairs of the "Trail 40" on the 3rd and got one of them, in the wrong size. ' +
  "The tracking page says delivered, the neighbours have nothing, and the depot in Köln told me to write " +
  "to you instead — so here I am. Could you tell me what happens next, and until when? I'd rather keep the " +
  "one that came & get the other in 42½; a refund would be fine, too.\n\nKind regards,\nJo Doe 🙂\n";

const HEADER = "\n> On Tuesday, support@shop.example wrote:\n> ";

/** An e-mail of this many bytes, with what it answers quoted below, as mail programs do. */
function mail(bytes) {
  let text = PARAGRAPH;
  while (Buffer.byteLength(text) < bytes) text += HEADER + PARAGRAPH.replaceAll("\n", "\n> ");
  return text;
}

const MAIL = mail(9_500);

const letter = (text) => ({
  platformConversationId: "f15ee8b6-cf3e-4eaf-bf27-507ded70519a",
  text,
  platform: "PUBLIC_API",
  metaData: [
    { key: "order_id", value: "ABC123" },
    { key: "customer_id", value: "user-9742" },
    { key: "email", value: "jo.doe@mail.example", sanitize: true },
    { key: "language", value: "en-GB" },
    { key: "cart", value: '[{"sku":"TR40-42","count":2},{"sku":"SOCK-M","count":1}]' },
  ],
});

const FAULTY = {
  platformConversationId: "",
  text: 42,
  platform: "PUBLIC_API",
  metaData: [
    { key: "order_id", value: 4711 },
    { value: "user-9742", sanitize: true },
    { key: "language", value: "en-GB", colour: "red" },
  ],
};

/** Each body by its name, and how many faults it has. */
export const BODIES = {
  "the reference page's example": { json: EXAMPLE, faults: 0 },
  "an e-mail of 10 kB": { json: JSON.stringify(letter(MAIL)), faults: 0 },
  "the same in ASCII alone": { json: JSON.stringify(letter(MAIL.replace(/[^\0-\x7f]/gu, "?"))), faults: 0 },
  "five faults": { json: JSON.stringify(FAULTY), faults: 5 },
};
