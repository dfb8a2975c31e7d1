// Where one is in the console: it stands behind the `#` of the address, which no server is told.

/** The place that an address names. */
export function placeOf(hash) {
  const members = new URLSearchParams(hash.replace(/^#/, ""));
  const view = ["operate", "emulator"].find((view) => members.has(view)) ?? "conversation";
  return {
    view,
    conversation: members.get("conversation") || undefined,
    key: members.get("key") || undefined,
  };
}

/** The address of a place; never with a key. */
export function hashOf({ view, conversation }) {
  const members = new URLSearchParams();
  if (view !== "conversation") members.set(view, "");
  if (conversation) members.set("conversation", conversation);
  return `#${members}`;
}
