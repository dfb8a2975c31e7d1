//! Building an event in code.

use std::borrow::Cow;

use super::fault::Fault;
use super::findings::{Draft, Findings, Rejected};
use super::pointer::Place;
use super::text::{ConversationId, MetaKey, MetaValue, Platform, Text};
use super::ticket_event::{TicketEvent, Variable};
use crate::limits::Limits;

/// Collects the parts of an event; [`build`](Self::build) checks them all at once.
#[derive(Clone)]
#[must_use = "call `build` to get the event"]
pub struct TicketEventBuilder<'a> {
    conversation_id: Cow<'a, str>,
    text: Option<Cow<'a, str>>,
    platform: Cow<'a, str>,
    variables: Vec<(Cow<'a, str>, Cow<'a, str>, Option<bool>)>,
}

impl<'a> TicketEventBuilder<'a> {
    pub(super) const fn new(conversation_id: Cow<'a, str>) -> Self {
        Self {
            conversation_id,
            text: None,
            platform: Cow::Borrowed(super::PUBLIC_API),
            variables: Vec::new(),
        }
    }

    /// What the ticket says.
    pub fn text(mut self, text: impl Into<Cow<'a, str>>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// The sending platform, where it is not a custom CRM.
    pub fn platform(mut self, platform: impl Into<Cow<'a, str>>) -> Self {
        self.platform = platform.into();
        self
    }

    /// A variable for the session.
    pub fn variable(mut self, key: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Self {
        self.variables.push((key.into(), value.into(), None));
        self
    }

    /// A variable whose value is personal data: sent with `sanitize`, kept out of every
    /// transcript.
    pub fn personal(mut self, key: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Self {
        self.variables.push((key.into(), value.into(), Some(true)));
        self
    }

    /// The checked event.
    ///
    /// # Errors
    ///
    /// [`Rejected`] with every issue of every part.
    ///
    /// ```
    /// use ticketwire::{Limits, TicketEvent};
    ///
    /// let rejected = TicketEvent::builder("").variable("", "x").build(&Limits::default()).unwrap_err();
    /// let pointers: Vec<_> = rejected.issues().iter().map(|issue| issue.pointer()).collect();
    /// assert_eq!(pointers, ["/platformConversationId", "/metaData/0/key"]);
    /// ```
    pub fn build(self, limits: &Limits) -> Result<TicketEvent<'a>, Rejected> {
        let mut findings = Findings::new(limits);
        let mut draft = Draft {
            conversation_id: findings.take(
                Place::Member("platformConversationId"),
                ConversationId::parse(self.conversation_id, limits),
            ),
            text: self.text.and_then(|text| findings.take(Place::Member("text"), Text::parse(text, limits))),
            platform: findings.take(Place::Member("platform"), Platform::parse(self.platform, limits)),
            variables: Vec::with_capacity(self.variables.len()),
        };
        for (index, (key, value, sanitize)) in self.variables.into_iter().enumerate() {
            let place = Place::Variable(index);
            let key = findings.take(place.known("key"), MetaKey::parse(key, limits));
            let value = findings.take(place.known("value"), MetaValue::parse(value, limits));
            findings.count_variable(index);
            if let (Some(key), Some(value)) = (key, value) {
                findings.keep(index, Variable { key, value, sanitize }, &mut draft.variables);
            }
        }
        let (event, _warnings) = findings.conclude(draft)?;
        let max_bytes = limits.max_body_bytes;
        if event.to_json().len() > max_bytes {
            return Err(Rejected::whole(Fault::BodyTooLarge { max_bytes }));
        }
        Ok(event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_is_no_larger_than_what_is_taken() {
        let built = |max_body_bytes| {
            let limits = Limits { max_body_bytes, ..Limits::default() };
            TicketEvent::builder("c").build(&limits)
        };
        let size = built(1_000).unwrap().to_json().len();
        assert!(built(size).is_ok());
        assert_eq!(built(size - 1).unwrap_err().issues()[0].code(), "body-too-large");
    }

    #[test]
    fn issues_that_are_not_listed_still_count() {
        let limits = Limits { max_issues: 0, ..Limits::default() };
        assert_eq!(TicketEvent::builder("").build(&limits).unwrap_err().omitted(), 1);
    }
}
