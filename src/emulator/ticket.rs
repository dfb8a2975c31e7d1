//! The body of a ticket event as the API documents it.
//!
//! A second opinion: nothing of ticketwire's own check is used here. What the documentation
//! requires is required, what it doesn't mention is tolerated.

use std::collections::BTreeMap;

use serde::de::{Deserialize, Deserializer, IgnoredAny};
use serde_json::Value;
use serde_json::error::Category;

use super::cause::Cause;

/// The largest body that is read, in bytes. None is documented; it keeps a mistake from filling
/// the memory.
pub(super) const MAX_BODY_BYTES: usize = 32 * 1024 * 1024;

/// An event that the API would take.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ticket {
    pub(super) conversation: String,
    pub(super) text: Option<String>,
    pub(super) variables: Vec<Variable>,
}

/// One entry of `metaData`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Variable {
    pub(super) key: String,
    pub(super) value: String,
    pub(super) sanitize: bool,
}

/// The conversation that a request is about, as far as can be told, and the event where it is one.
pub(super) struct Opened {
    pub(super) conversation: Option<String>,
    pub(super) ticket: Result<Ticket, Cause>,
}

/// Opens the body of a request.
pub(super) fn open(body: &[u8]) -> Opened {
    if body.len() > MAX_BODY_BYTES {
        return Opened { conversation: None, ticket: Err(Cause::BodyTooLarge) };
    }
    let ticket = read(body);
    let conversation = match &ticket {
        Ok(ticket) => Some(ticket.conversation.clone()),
        Err(_) => conversation_of(body),
    };
    Opened { conversation, ticket }
}

fn conversation_of(body: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(body).ok()?;
    value.get("platformConversationId")?.as_str().map(str::to_owned)
}

fn read(body: &[u8]) -> Result<Ticket, Cause> {
    let event: EventBody = serde_json::from_slice(body).map_err(|error| match error.classify() {
        Category::Data => Cause::FieldInvalid,
        Category::Io | Category::Syntax | Category::Eof => Cause::BodyNotJson,
    })?;
    event.platform.ok_or(Cause::FieldMissing)?;
    Ok(Ticket {
        conversation: event.platform_conversation_id.ok_or(Cause::FieldMissing)?,
        text: event.text,
        variables: event
            .meta_data
            .unwrap_or_default()
            .into_iter()
            .map(VariableBody::complete)
            .collect::<Result<_, _>>()?,
    })
}

/// The flattened rest does two things: it tolerates unknown members, and it keeps serde from
/// taking a list for an object.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct EventBody {
    #[serde(default, deserialize_with = "given")]
    platform_conversation_id: Option<String>,
    #[serde(default, deserialize_with = "given")]
    text: Option<String>,
    #[serde(default, deserialize_with = "given")]
    platform: Option<String>,
    #[serde(default, deserialize_with = "given")]
    meta_data: Option<Vec<VariableBody>>,
    #[serde(flatten)]
    _rest: BTreeMap<String, IgnoredAny>,
}

#[derive(serde::Deserialize)]
struct VariableBody {
    #[serde(default, deserialize_with = "given")]
    key: Option<String>,
    #[serde(default, deserialize_with = "given")]
    value: Option<String>,
    #[serde(default, deserialize_with = "given")]
    sanitize: Option<bool>,
    #[serde(flatten)]
    _rest: BTreeMap<String, IgnoredAny>,
}

impl VariableBody {
    fn complete(self) -> Result<Variable, Cause> {
        Ok(Variable {
            key: self.key.ok_or(Cause::FieldMissing)?,
            value: self.value.ok_or(Cause::FieldMissing)?,
            sanitize: self.sanitize.unwrap_or(false),
        })
    }
}

/// A member that is there has a value of its type: `null` is no string.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(source: D) -> Result<Option<T>, D::Error> {
    T::deserialize(source).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_example_is_taken() {
        let body = br#"{"platformConversationId":"f15ee8b6","text":"I need to update my shipping address","platform":"PUBLIC_API","metaData":[{"key":"order_id","value":"ABC123","sanitize":true},{"key":"customer_id","value":"user-9742"}]}"#;
        let ticket = open(body).ticket.unwrap();
        assert_eq!(ticket.conversation, "f15ee8b6");
        assert_eq!(ticket.variables.len(), 2);
        assert!(ticket.variables[0].sanitize);
        assert!(!ticket.variables[1].sanitize);
    }

    #[test]
    fn what_is_documented_is_required_and_the_rest_tolerated() {
        use Cause::{BodyNotJson, FieldInvalid, FieldMissing};
        let table = [
            (r#"{"platformConversationId":"a","platform":"p"}"#, None),
            (r#"{"platformConversationId":"a","platform":"p","metaData":[],"mood":{"x":[1]}}"#, None),
            (
                r#"{"platformConversationId":"a","platform":"p","metaData":[{"key":"k","value":"v","note":1}]}"#,
                None,
            ),
            (r#"{"platformConversationId":"","platform":""}"#, None),
            (r#"{"platform":"p"}"#, Some(FieldMissing)),
            (r#"{"platformConversationId":"a"}"#, Some(FieldMissing)),
            (r#"{"platformConversationId":null,"platform":"p"}"#, Some(FieldInvalid)),
            (r#"{"platformConversationId":1,"platform":"p"}"#, Some(FieldInvalid)),
            (r#"{"platformConversationId":"a","platform":["p"]}"#, Some(FieldInvalid)),
            (r#"{"platformConversationId":"a","platform":"p","text":null}"#, Some(FieldInvalid)),
            (r#"{"platformConversationId":"a","platform":"p","metaData":{"k":"v"}}"#, Some(FieldInvalid)),
            (r#"{"platformConversationId":"a","platform":"p","metaData":[["k","v"]]}"#, Some(FieldInvalid)),
            (r#"{"platformConversationId":"a","platform":"p","metaData":[{"key":"k"}]}"#, Some(FieldMissing)),
            (
                r#"{"platformConversationId":"a","platform":"p","metaData":[{"value":"v"}]}"#,
                Some(FieldMissing),
            ),
            (
                r#"{"platformConversationId":"a","platform":"p","metaData":[{"key":"k","value":1}]}"#,
                Some(FieldInvalid),
            ),
            (
                r#"{"platformConversationId":"a","platform":"p","metaData":[{"key":"k","value":"v","sanitize":"true"}]}"#,
                Some(FieldInvalid),
            ),
            (r#"["a",null,"p",[]]"#, Some(FieldInvalid)),
            (r#""text""#, Some(FieldInvalid)),
            ("", Some(BodyNotJson)),
            ("{", Some(BodyNotJson)),
            ("{} {}", Some(BodyNotJson)),
        ];
        for (body, refused) in table {
            assert_eq!(open(body.as_bytes()).ticket.err(), refused, "{body}");
        }
        assert_eq!(open(b"{\"a\":\"\xff\"}").ticket, Err(BodyNotJson));
        let large = vec![b' '; MAX_BODY_BYTES + 1];
        assert_eq!(open(&large).ticket, Err(Cause::BodyTooLarge));
    }

    #[test]
    fn a_refused_event_still_tells_its_conversation() {
        for (body, conversation) in [
            (r#"{"platformConversationId":"a"}"#, Some("a")),
            (r#"{"platformConversationId":"a","text":7}"#, Some("a")),
            (r#"{"platformConversationId":7}"#, None),
            (r#"["a"]"#, None),
            ("{", None),
        ] {
            assert_eq!(open(body.as_bytes()).conversation.as_deref(), conversation, "{body}");
        }
    }
}
