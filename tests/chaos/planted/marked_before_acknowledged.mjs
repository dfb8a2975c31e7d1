// The event is marked as delivered when it is sent, not when the API has it: what fails, or is killed
// on its way, is never sent again.

export default {
  name: "an event is marked as delivered before the API has acknowledged it",
  foundBy: ["delivery", "bytes"],
  edits: [
    {
      file: "src/relay/objects/conversation/sending.rs",
      find: "let answer = upstream::send(",
      put: `self.settle(task, &Answer { outcome: Outcome::Acknowledged, retry_after: None })?;
        let answer = upstream::send(`,
    },
  ],
};
