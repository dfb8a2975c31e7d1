// Where no try begins, no alarm is set: what waits for its next try, or has never been tried, waits
// until something else happens in its conversation.

export default {
  name: "the alarm is not armed again where no try begins",
  foundBy: ["delivery"],
  edits: [
    {
      file: "src/relay/objects/conversation/sending.rs",
      find: "self.end_turn().await?;",
      put: "if task.is_some() { self.end_turn().await?; }",
    },
  ],
};
