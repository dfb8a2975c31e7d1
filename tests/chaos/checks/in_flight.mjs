// At most one event of a conversation is under way at a time, as the wire sees it. What was under way
// when the relay was killed is under way no more: the relay that comes after can't know of it.

export function inFlight(history) {
  const found = [];
  for (const requests of Map.groupBy(history.requests, ({ conversation }) => conversation).values()) {
    let open;
    for (const request of requests) {
      if (open && (open.ended === undefined || open.ended.t > request.t)) {
        const message = `sent (request ${request.request}) while request ${open.request} for #${open.n} was under way`;
        const event = history.events.get(`${request.conversation}#${request.n}`);
        found.push({ check: "one in flight", event, at: request.at, message });
      }
      if (!open || endOf(request) > endOf(open)) open = request;
    }
  }
  return found;
}

const endOf = ({ ended }) => ended?.t ?? Infinity;
