// The default entry, where the page's policy refuses WebAssembly: it has to say which entry does not need it.

import { ticketEvent } from "/npm/ticketwire";

try {
  ticketEvent.check({});
  console.log("FAILED: the core has run, and nobody knows how");
} catch ({ name, code, message }) {
  const isTold = name === "TicketwireError" && code === "core-refused" && message.includes("ticketwire/js");
  console.log(`${isTold ? "OK" : "FAILED"}: ${name}, ${code}: ${message}`);
}
