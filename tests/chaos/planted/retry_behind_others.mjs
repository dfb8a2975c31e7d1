// What failed waits behind what is due: a later event of the conversation overtakes it.

export default {
  name: "a retry goes behind what is due before it",
  foundBy: ["order"],
  edits: [
    {
      file: "src/relay/objects/conversation/deliveries.rs",
      find: "ORDER BY state DESC, seq LIMIT 1",
      put: "ORDER BY state DESC, state_ms, seq LIMIT 1",
    },
  ],
};
