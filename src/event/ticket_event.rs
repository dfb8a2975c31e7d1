//! The event itself and its variables.

use serde::Serialize;

use super::builder::TicketEventBuilder;
use super::text::{ConversationId, MetaKey, MetaValue, Platform, Text};
use crate::json::{Object, boolean};

/// A ticket event that has passed every check.
///
/// ```
/// use ticketwire::{Limits, TicketEvent};
///
/// let event = TicketEvent::builder("f15ee8b6-cf3e-4eaf-bf27-507ded70519a")
///     .text("I need to update my shipping address")
///     .personal("order_id", "ABC123")
///     .variable("customer_id", "user-9742")
///     .build(&Limits::default())?;
/// assert_eq!(
///     event.to_json(),
///     r#"{"platformConversationId":"f15ee8b6-cf3e-4eaf-bf27-507ded70519a","text":"I need to update my shipping address","platform":"PUBLIC_API","metaData":[{"key":"order_id","value":"ABC123","sanitize":true},{"key":"customer_id","value":"user-9742"}]}"#
/// );
/// # Ok::<(), ticketwire::event::Rejected>(())
/// ```
///
/// Fields and their meaning: the vendor's
/// [reference page](https://developer.zendesk.com/api-reference/ai-agents/ticket/ticket).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TicketEvent<'a> {
    pub(super) platform_conversation_id: ConversationId<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<Text<'a>>,
    pub(super) platform: Platform<'a>,
    #[serde(rename = "metaData", skip_serializing_if = "Vec::is_empty")]
    pub(super) variables: Vec<Variable<'a>>,
}

impl<'a> TicketEvent<'a> {
    /// Starts an event for this conversation; the platform is
    /// [`PUBLIC_API`](super::PUBLIC_API) unless said otherwise.
    pub fn builder(conversation_id: impl Into<std::borrow::Cow<'a, str>>) -> TicketEventBuilder<'a> {
        TicketEventBuilder::new(conversation_id.into())
    }

    /// `platformConversationId`.
    pub const fn conversation_id(&self) -> &ConversationId<'a> {
        &self.platform_conversation_id
    }

    /// `text`, where there is one.
    pub const fn text(&self) -> Option<&Text<'a>> {
        self.text.as_ref()
    }

    /// `platform`.
    pub const fn platform(&self) -> &Platform<'a> {
        &self.platform
    }

    /// `metaData`; empty where there is none.
    pub fn variables(&self) -> &[Variable<'a>] {
        &self.variables
    }

    /// The event as the API takes it: JSON, no white space, members in the vendor's order.
    pub fn to_json(&self) -> String {
        let mut json = String::new();
        self.write(&mut json);
        json
    }

    pub(crate) fn write(&self, out: &mut String) {
        let mut object = Object::new(out);
        object.text("platformConversationId", self.platform_conversation_id.as_str());
        if let Some(text) = &self.text {
            object.text("text", text.as_str());
        }
        object.text("platform", self.platform.as_str());
        if !self.variables.is_empty() {
            let mut list = object.list("metaData");
            self.variables.iter().for_each(|variable| variable.write(list.entry()));
            list.end();
        }
        object.end();
    }
}

/// One entry of `metaData`: a variable for the agent's session.
///
/// ```
/// use ticketwire::{Limits, TicketEvent};
///
/// let event = TicketEvent::builder("c").personal("email", "jo@example.com").build(&Limits::default())?;
/// let variable = &event.variables()[0];
/// assert_eq!((variable.key().as_str(), variable.is_personal()), ("email", true));
/// # Ok::<(), ticketwire::event::Rejected>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Variable<'a> {
    pub(super) key: MetaKey<'a>,
    pub(super) value: MetaValue<'a>,
    /// As it was written: a `false` that was said stays said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sanitize: Option<bool>,
}

impl<'a> Variable<'a> {
    /// The variable's name.
    pub const fn key(&self) -> &MetaKey<'a> {
        &self.key
    }

    /// The variable's value.
    pub const fn value(&self) -> &MetaValue<'a> {
        &self.value
    }

    fn write(&self, out: &mut String) {
        let mut object = Object::new(out);
        object.text("key", self.key.as_str());
        object.text("value", self.value.as_str());
        if let Some(sanitize) = self.sanitize {
            boolean(object.member("sanitize"), sanitize);
        }
        object.end();
    }

    /// Whether the value is marked as personal data (`sanitize`).
    pub fn is_personal(&self) -> bool {
        self.sanitize == Some(true)
    }
}
