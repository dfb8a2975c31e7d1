// What arrives is what was sent, to the byte; and a 200 means that the API had taken it before.

export function bytes(history) {
  return history.all.flatMap((event) => [...arrived(event), ...acknowledged(event)]);
}

function arrived(event) {
  const sent = new Set(event.sends.filter(({ probe }) => probe !== "other-body").map(({ digest }) => digest));
  return [...event.requests, ...event.arrivals]
    .filter(({ digest }) => !sent.has(digest))
    .map(({ at, digest }) => ({
      check: "bytes",
      event,
      at,
      message: `arrived as bytes that nobody sent: ${digest}`,
    }));
}

function acknowledged(event) {
  const taken = event.requests.filter(
    ({ answered, ended }) => answered?.status === 200 && ended?.by === "answer",
  );
  return event.sends
    .filter(({ answer }) => answer?.status === 200 && !taken.some(({ ended }) => ended.t < answer.t))
    .map(({ answer }) => ({
      ...{ check: "bytes", event, at: answer.at },
      message: "answered with 200 before the relay had the API's acknowledgement",
    }));
}
