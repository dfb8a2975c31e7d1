// What is being sent holds back nothing: the next event of a conversation goes beside it, and may arrive
// first.

export default {
  name: "events of a conversation are sent beside one another",
  foundBy: ["one in flight"],
  edits: [
    {
      file: "src/relay/objects/conversation/deliveries.rs",
      find: "WHERE state <> 'delivered' AND state > 'parked' ORDER BY state DESC, seq LIMIT 1",
      put: "WHERE state = 'pending' ORDER BY seq LIMIT 1",
    },
  ],
};
