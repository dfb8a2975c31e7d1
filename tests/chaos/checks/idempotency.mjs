// One idempotency key is one event: asked again it has the same id, and other bytes are refused.

import { isPromise } from "../history.mjs";

export function idempotency(history) {
  return [...history.all.flatMap(ofEvent), ...shared(history)];
}

function ofEvent(event) {
  const violation = (message) => ({ check: "idempotency", event, message });
  const found = [];
  const keyed = event.sends.filter(({ key }) => key);
  if (keyed.length > 0 && event.ids.size > 1)
    found.push(violation(`one key, ${event.ids.size} ids: ${[...event.ids]}`));
  let promised = false;
  for (const { probe, answer } of keyed) {
    if (!answer || answer.error || answer.status === 429 || answer.status >= 500) continue;
    if (probe === "other-body") {
      if (answer.status !== 409)
        found.push(violation(`other bytes under its key were answered with ${answer.status}`));
      continue;
    }
    if (!isPromise(answer)) found.push(violation(`answered with ${answer.status} ${answer.code ?? ""}`));
    else if (!answer.id) found.push(violation("accepted without an id"));
    if (promised && !answer.replayed) found.push(violation("asked again, it was not said to be a repeat"));
    promised ||= isPromise(answer);
  }
  return found;
}

/** No two events share an id. */
function shared(history) {
  const owners = new Map();
  const found = [];
  for (const event of history.all) {
    for (const id of event.ids) {
      const other = owners.get(id);
      if (other)
        found.push({ check: "idempotency", event, message: `has the id ${id}, as ${other.name} has` });
      owners.set(id, event);
    }
  }
  return found;
}
