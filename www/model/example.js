// What stands there on a first visit, and what is new gets for a name.

/** A name that no conversation has. */
export const newConversation = () => `case-${drawn(4)}`;

/** A key that no other event was sent with. */
export const newKey = () => drawn(16);

/** So many bytes at random, in hexadecimal. */
function drawn(count) {
  const bytes = crypto.getRandomValues(new Uint8Array(count));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** An event that shows what there is: text, a variable, and one that is personal. */
export const exampleEvent = (conversation) => ({
  platformConversationId: conversation,
  text: "I need to update my shipping address",
  metaData: [
    { key: "order_id", value: "ABC123" },
    { key: "email", value: "jo@example.com", sanitize: true },
  ],
});

/** What is left once an event has gone: its conversation. */
export const emptyEvent = (conversation) => ({ platformConversationId: conversation, text: "" });
