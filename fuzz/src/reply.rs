//! The bytes of a reply.

use std::collections::BTreeMap;

use serde_json::value::RawValue;
use ticketwire::reply::{AgentReply, parse_json};
use ticketwire::{Limits, event::Rejected};

/// The members that a reply may be made of without leaving a trace in `extra`.
const KNOWN: &[&str] =
    &["botId", "conversationId", "platformConversationId", "text", "predictedIntents", "attachments"];

/// Reads the bytes as a reply.
pub fn run(data: &[u8]) {
    match parse_json(data, &Limits::default()) {
        Ok(reply) => check_whole(&reply, data),
        Err(rejected) => check_issue(&rejected),
    }
}

/// Nothing of what came is lost, and nothing is there that did not come.
fn check_whole(reply: &AgentReply, data: &[u8]) {
    let data = data.strip_prefix("\u{feff}".as_bytes()).unwrap_or(data);
    let members: BTreeMap<String, Box<RawValue>> =
        serde_json::from_slice(data).expect("a reply is an object");
    for (name, value) in reply.extra.iter() {
        assert_eq!(members[name].get(), value.get(), "extra is kept as it was written");
    }
    for name in members.keys() {
        assert!(KNOWN.contains(&name.as_str()) || reply.extra.get(name).is_some(), "a member is lost");
    }
    assert!(!reply.platform_conversation_id.as_str().is_empty());
    assert!(reply.text.is_none() || reply.extra.get("text").is_none(), "a text is here or there");
}

fn check_issue(rejected: &Rejected) {
    let [issue] = rejected.issues() else { panic!("a reply is refused for one reason") };
    assert!(["", "/platformConversationId"].contains(&issue.pointer()));
    assert!(!issue.fault().to_string().is_empty());
}
