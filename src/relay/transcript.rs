//! What is kept of a conversation: its events and replies, in the order in which they passed.
//!
//! The value of a variable that is marked `sanitize` is not kept at all.

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use super::event_id::{EventId, object_name};
use crate::event::{ConversationId, TicketEvent};
use crate::outbox::Lane;

/// Which way something went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Direction {
    /// To the agent.
    Event,
    /// From the agent.
    Reply,
}

impl Direction {
    /// The direction of what is delivered this way.
    pub(super) const fn of(lane: Lane) -> Self {
        match lane {
            Lane::Event => Self::Event,
            Lane::Reply => Self::Reply,
        }
    }

    /// The name, in SQL and in JSON alike.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Reply => "reply",
        }
    }
}

/// One page of a conversation, as callers see it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page<'a> {
    platform_conversation_id: &'a str,
    entries: Vec<Entry<'a>>,
    /// What to give as `after` for the next page, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_after: Option<u64>,
}

/// An event or a reply of the conversation.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    /// Counts up within the conversation.
    seq: u64,
    /// When it passed the relay, in milliseconds since the Unix epoch.
    at_ms: u64,
    /// The event's id, for `/events/{id}`, where the relay delivers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// Where the event stands, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply: Option<&'a RawValue>,
    /// The number of the reply that this one repeats, byte for byte and soon after.
    #[serde(skip_serializing_if = "Option::is_none")]
    repeat_of: Option<u64>,
}

impl<'a> Page<'a> {
    /// The page that these entries make.
    pub(super) fn of(
        bot_id: &str,
        conversation: &'a ConversationId<'_>,
        slice: &'a Slice,
    ) -> serde_json::Result<Self> {
        let object = object_name(bot_id, conversation.as_str());
        Ok(Self {
            platform_conversation_id: conversation.as_str(),
            entries: slice.rows.iter().map(|row| Entry::of(row, &object)).collect::<Result<_, _>>()?,
            next_after: slice.rows.last().filter(|_| slice.more).map(|row| row.seq),
        })
    }
}

impl<'a> Entry<'a> {
    fn of(row: &'a Row, object: &str) -> serde_json::Result<Self> {
        let body: &RawValue = serde_json::from_str(&row.body)?;
        let only = |direction| (row.direction == direction).then_some(body);
        let id = || EventId { object: object.to_owned(), seq: row.seq }.to_string();
        Ok(Self {
            seq: row.seq,
            at_ms: row.at_ms,
            id: row.state.is_some().then(id),
            state: row.state.as_deref(),
            event: only(Direction::Event),
            reply: only(Direction::Reply),
            repeat_of: row.repeat_of,
        })
    }
}

/// A part of a conversation.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Slice {
    pub(super) rows: Vec<Row>,
    /// Whether there is more behind it.
    pub(super) more: bool,
}

/// An entry as it is stored; its body is JSON.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) seq: u64,
    pub(super) at_ms: u64,
    pub(super) direction: Direction,
    pub(super) body: String,
    /// Where an event stands that the relay delivers.
    pub(super) state: Option<String>,
    /// Which reply it repeats.
    pub(super) repeat_of: Option<u64>,
}

/// One entry, as callers see it.
pub(super) fn entry_json(row: &Row, object: &str) -> serde_json::Result<Box<RawValue>> {
    to_raw_value(&Entry::of(row, object)?)
}

/// An event without what must not be kept, as JSON.
pub(super) fn kept(event: &TicketEvent<'_>) -> serde_json::Result<Box<RawValue>> {
    let variables = event.variables().iter().map(|variable| KeptVariable {
        key: variable.key().as_str(),
        value: (!variable.is_personal()).then(|| variable.value().as_str()),
        sanitize: variable.is_personal(),
    });
    let kept = KeptEvent {
        text: event.text().map(|text| text.as_str()),
        platform: event.platform().as_str(),
        meta_data: variables.collect(),
    };
    to_raw_value(&kept)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KeptEvent<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    platform: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    meta_data: Vec<KeptVariable<'a>>,
}

#[derive(Serialize)]
struct KeptVariable<'a> {
    key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    sanitize: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;

    #[test]
    fn personal_values_are_not_kept() {
        let event =
            TicketEvent::builder("c").text("Hi").personal("mail", "jo@example.com").variable("n", "1");
        let event = event.build(&Limits::default()).unwrap();
        assert_eq!(
            kept(&event).unwrap().get(),
            r#"{"text":"Hi","platform":"PUBLIC_API","metaData":[{"key":"mail","sanitize":true},{"key":"n","value":"1"}]}"#
        );
    }

    #[test]
    fn a_page_says_where_the_next_begins() {
        let id = ConversationId::parse("c", &Limits::default()).unwrap();
        let row = |seq, direction, repeat_of| Row {
            seq,
            at_ms: 5,
            direction,
            body: "{}".into(),
            state: None,
            repeat_of,
        };
        let json = |more| {
            let rows = vec![row(3, Direction::Event, None), row(4, Direction::Reply, Some(2))];
            let slice = Slice { rows, more };
            serde_json::to_string(&Page::of("bot", &id, &slice).unwrap()).unwrap()
        };
        let entries =
            r#""entries":[{"seq":3,"atMs":5,"event":{}},{"seq":4,"atMs":5,"reply":{},"repeatOf":2}]"#;
        assert_eq!(json(false), format!(r#"{{"platformConversationId":"c",{entries}}}"#));
        assert_eq!(json(true), format!(r#"{{"platformConversationId":"c",{entries},"nextAfter":4}}"#));
    }
}
