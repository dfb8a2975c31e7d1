//! The JSON Schema of an event, from the rules of its parts.

use serde_json::json;

use super::schema::{EVENT, VARIABLE};
use super::{ConversationId, MetaKey, MetaValue, PUBLIC_API, Platform, Text};
use crate::json_schema::{Node, assert_shipped, document, object, text};
use crate::limits::Limits;

fn event() -> Node {
    let known = object([
        ("platformConversationId", conversation_id()),
        ("text", words()),
        ("platform", platform()),
        ("metaData", variables()),
    ]);
    document(
        "urn:ticketwire:schema:event",
        "Ticket event",
        "What a CRM tells the agent about a ticket. Also refused: a member that stands twice, texts of more bytes (UTF-8) than `maxLength` counts characters, and bodies larger than MAX_BODY_BYTES. Limits are the defaults; a relay may be configured otherwise.",
    )
    .with([
        ("type", "object".into()),
        ("required", json!(["platformConversationId"]).into()),
        ("properties", known),
        ("additionalProperties", false.into()),
        ("examples", json!([example()]).into()),
    ])
}

fn conversation_id() -> Node {
    let description = "Names the conversation; chosen by the CRM, the same for every event of a ticket.";
    text("string".into(), description, &ConversationId::RULES)
        .with([("examples", json!(["case-4711", "f15ee8b6-cf3e-4eaf-bf27-507ded70519a"]).into())])
}

fn words() -> Node {
    let description = "What the ticket says. May be empty or left out: an event may carry variables alone.";
    text("string".into(), description, &Text::RULES)
        .with([("examples", json!(["I need to update my shipping address"]).into())])
}

fn platform() -> Node {
    let description =
        "The sending platform. The relay fills in the default, which is what a custom CRM sends.";
    text("string".into(), description, &Platform::RULES).with([("default", PUBLIC_API.into())])
}

fn variables() -> Node {
    object([
        ("description", "Variables for the agent's session.".into()),
        ("type", "array".into()),
        ("maxItems", Limits::default().max_variables.into()),
        ("items", variable()),
    ])
}

fn variable() -> Node {
    let key = text("string".into(), "The name of the variable.", &MetaKey::RULES)
        .with([("examples", json!(["order_id"]).into())]);
    let value = text("string".into(), "Its value. The API takes only strings.", &MetaValue::RULES)
        .with([("examples", json!(["ABC123"]).into())]);
    object([
        ("type", "object".into()),
        ("required", json!(["key", "value"]).into()),
        ("properties", object([("key", key), ("value", value), ("sanitize", sanitize())])),
        ("additionalProperties", false.into()),
    ])
}

fn sanitize() -> Node {
    object([
        ("description", "Whether the value is personal data, to be kept out of every transcript.".into()),
        ("type", "boolean".into()),
        ("default", false.into()),
    ])
}

/// The example of the vendor's reference page.
fn example() -> serde_json::Value {
    json!({
        "platformConversationId": "f15ee8b6-cf3e-4eaf-bf27-507ded70519a",
        "text": "I need to update my shipping address",
        "platform": PUBLIC_API,
        "metaData": [
            {"key": "order_id", "value": "ABC123", "sanitize": true},
            {"key": "customer_id", "value": "user-9742"},
        ],
    })
}

#[test]
fn the_schema_of_an_event_is_what_is_shipped() {
    assert_shipped("event/event.schema.json", &event());
}

#[test]
fn the_schema_knows_the_members_that_the_check_knows() {
    let schema = serde_json::to_value(event()).unwrap();
    let names = |schema: &serde_json::Value| -> Vec<String> {
        schema["properties"].as_object().unwrap().keys().cloned().collect()
    };
    let sorted = |names: &[&'static str]| {
        let mut names = names.to_vec();
        names.sort_unstable();
        names
    };
    assert_eq!(names(&schema), sorted(EVENT.names));
    assert_eq!(names(&schema["properties"]["metaData"]["items"]), sorted(VARIABLE.names));
}
