// A key is as good as forgotten at once: who asks again, since no answer came, sends the event twice.

export default {
  name: "an idempotency key is forgotten",
  foundBy: ["idempotency"],
  edits: [
    {
      file: "src/outbox/machine.rs",
      find: "now_ms < earlier.accepted_ms.saturating_add(KEY_WINDOW_MS)",
      put: "now_ms.saturating_add(KEY_WINDOW_MS) < earlier.accepted_ms",
    },
  ],
};
