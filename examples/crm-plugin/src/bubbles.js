// What has been said in a conversation.

const list = document.getElementById("bubbles");
const events = new Map();

/** Shows a change: an event, a reply, or where an event stands. */
export function show(change) {
  if (change.type === "reply" && change.repeatOf === undefined) bubble("reply", change.reply.text);
  if (change.type === "event") events.set(change.id, bubble("event", change.event.text, change.state));
  if (change.type === "state") events.get(change.id)?.setAttribute("data-state", change.state);
}

function bubble(kind, text = "(no text)", state = "") {
  const item = document.createElement("li");
  item.className = kind;
  item.textContent = text;
  item.dataset.state = state;
  list.append(item);
  return item;
}
