// Where nothing is killed and nothing fails, each event is tried once, and delivered.

export function quiet(history) {
  return history.accepted
    .filter((event) => event.quiet)
    .flatMap((event) => {
      const violation = (message) => ({ check: "quiet phase", event, message });
      const found = [];
      if (event.requests.length !== 1) found.push(violation(`sent ${event.requests.length} times`));
      const { state } = event.look?.document ?? {};
      if (state !== "delivered") found.push(violation(`in the end it is ${state}`));
      return found;
    });
}
