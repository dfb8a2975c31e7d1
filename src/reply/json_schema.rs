//! The JSON Schema of a reply that is understood whole.

use serde_json::json;

use super::AgentReply;
use crate::event::{BotId, ConversationId};
use crate::json_schema::{Node, assert_shipped, document, object, text};

fn reply() -> Node {
    let known = object([
        ("botId", bot_id()),
        ("conversationId", optional("string", "The agent platform's own id of the conversation; opaque.")),
        ("platformConversationId", conversation_id()),
        ("text", optional("string", "What the agent says.")),
        (
            "predictedIntents",
            optional("array", "What the agent took the event for.").with([("items", intent())]),
        ),
        ("attachments", optional("array", "What is attached.").with([("items", attachment())])),
    ]);
    document(
        "urn:ticketwire:schema:reply",
        "Reply of the agent",
        "What the agent answers, by webhook. Only `platformConversationId` is insisted on: another member of a shape that is not this one is kept, unread, and null is as good as left out. Refused are also bodies larger than MAX_REPLY_BYTES, and an id of more bytes (UTF-8) than `maxLength` counts characters.",
    )
    .with([
        ("type", "object".into()),
        ("required", json!(["platformConversationId"]).into()),
        ("properties", known),
        ("additionalProperties", true.into()),
        ("examples", json!([example()]).into()),
    ])
}

fn bot_id() -> Node {
    let description = "The bot that answers; where several bots share a webhook, this tells them apart.";
    text(json!(["string", "null"]).into(), description, &BotId::RULES)
        .with([("examples", json!(["618a30beee4e8e87d2f94015"]).into())])
}

fn conversation_id() -> Node {
    let description = "The conversation, by the name that the CRM gave it.";
    text("string".into(), description, &ConversationId::RULES)
}

/// Nothing but a type, or null.
fn optional(kind: &str, description: &str) -> Node {
    object([("description", description.into()), ("type", json!([kind, "null"]).into())])
}

fn intent() -> Node {
    let required = json!(["value", "name", "confidence"]);
    let known = object([
        ("value", member("string", "The intent's id.")),
        ("name", member("string", "The intent's name.")),
        ("confidence", member("number", "How sure the agent is, from 0 to 1.")),
    ]);
    part(required, known)
}

fn attachment() -> Node {
    let path = member("string", "Opaque. No download is documented: show it, never fetch it.");
    part(json!(["path"]), object([("path", path)]))
}

fn member(kind: &str, description: &str) -> Node {
    object([("description", description.into()), ("type", kind.into())])
}

fn part(required: serde_json::Value, known: Node) -> Node {
    object([
        ("type", "object".into()),
        ("required", required.into()),
        ("properties", known),
        ("additionalProperties", true.into()),
    ])
}

/// The example of the vendor's webhook page.
fn example() -> serde_json::Value {
    json!({
        "botId": "618a30beee4e8e87d2f94015",
        "conversationId": "conversation1",
        "platformConversationId": "session1",
        "text": "Hello, this is a bot text message",
        "predictedIntents": [{"value": "1234", "name": "intent name", "confidence": 1}],
        "attachments": [{"path": "path/to/attachment"}],
    })
}

#[test]
fn the_schema_of_a_reply_is_what_is_shipped() {
    assert_shipped("reply/reply.schema.json", &reply());
}

#[test]
fn the_schema_knows_the_members_that_the_reply_has() {
    let schema = serde_json::to_value(reply()).unwrap();
    let body = schema["examples"][0].to_string();
    // A member that is new to the reply does not compile here until the example has it too.
    let AgentReply {
        bot_id,
        conversation_id,
        platform_conversation_id,
        text,
        predicted_intents,
        attachments,
        extra,
    } = super::parse_json(body.as_bytes(), &crate::Limits::default()).unwrap();
    assert!(bot_id.is_some() && conversation_id.is_some() && text.is_some() && extra.is_empty());
    assert!(!predicted_intents.is_empty() && !attachments.is_empty());
    assert!(!platform_conversation_id.as_str().is_empty());
    let names =
        |value: &serde_json::Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    assert_eq!(names(&schema["properties"]), names(&schema["examples"][0]));
}
