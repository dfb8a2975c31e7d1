// The first checks of the npm package, wherever its script is; in Node, called with its URL and an event.

export async function firstChecks(script, event) {
  const from = performance.now();
  const { ticketEvent } = await import(script);
  const loaded = performance.now();
  const first = ticketEvent.check(event);
  const once = performance.now();
  ticketEvent.check(event);
  const twice = performance.now();
  if (first.issues) throw new Error("the event has faults");
  return { load: loaded - from, first: once - loaded, second: twice - once };
}

if (globalThis.process?.argv?.[2]) {
  const [script, event] = process.argv.slice(2);
  process.stdout.write(JSON.stringify(await firstChecks(script, JSON.parse(event))));
}
