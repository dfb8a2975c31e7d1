//! What a conversation's object and its readers say to each other, over a WebSocket.
//!
//! The reader asks for what is behind a number; once there is something, it gets a list of frames,
//! and nothing more until it asks again. So each reader goes at its own pace, whoever is slow holds
//! up nobody, and no side ever has to keep more than one answer.

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

/// The frame that says where an event stands now.
pub(super) const STATE: &str = "state";
/// The last frame of a stream: why it ends.
const END: &str = "end";

/// Something that has happened.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Frame {
    /// Its number, for whoever reads on later. The end has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<u64>,
    /// What it is: `event`, `reply`, `state` or `end`.
    pub(super) event: String,
    /// The rest, as JSON.
    pub(super) data: Box<RawValue>,
}

impl Frame {
    /// A frame with a number.
    pub(super) fn new(id: u64, event: &str, data: Box<RawValue>) -> Self {
        Self { id: Some(id), event: event.to_owned(), data }
    }

    /// The last frame.
    pub(super) fn end(why: End) -> serde_json::Result<Self> {
        #[derive(Serialize)]
        struct Data {
            code: &'static str,
            detail: &'static str,
        }
        let data = to_raw_value(&Data { code: why.code(), detail: why.detail() })?;
        Ok(Self { id: None, event: END.to_owned(), data })
    }

    /// Whether nothing comes behind it.
    pub(super) fn is_end(&self) -> bool {
        self.event == END
    }
}

/// Why a stream ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It has lasted for long enough.
    TimeOver,
    /// The token that it was opened with is not valid any more.
    TokenExpired,
    /// The conversation was deleted.
    Forgotten,
    /// The object was restarted, or the way to it broke.
    Interrupted,
    /// The reader said something that is no wish.
    NotUnderstood,
}

impl End {
    /// The stable name.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::TimeOver => "time-over",
            Self::TokenExpired => "token-expired",
            Self::Forgotten => "conversation-deleted",
            Self::Interrupted => "interrupted",
            Self::NotUnderstood => "not-understood",
        }
    }

    /// What to do.
    const fn detail(self) -> &'static str {
        match self {
            Self::TimeOver => "connect again, with the last id",
            Self::TokenExpired => "get a new session, and connect again with the last id",
            Self::Forgotten => "what you hold of it should go as well",
            Self::Interrupted => "connect again in a moment, with the last id",
            Self::NotUnderstood => {
                "send {\"after\": <the last id that you got>}, nothing else and nothing older"
            }
        }
    }
}

/// What a reader may say: that it has everything up to here, and wants what comes next.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wish {
    pub(super) after: u64,
}

/// How a stream begins, in the query of the call that opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Opening {
    /// The first wish.
    pub(super) after: u64,
    /// When it is over, in milliseconds since the Unix epoch.
    pub(super) until_ms: u64,
    /// Whether it is over because its token is.
    pub(super) is_bound_to_token: bool,
}

impl Opening {
    /// The query that [`parse`](Self::parse) reads.
    pub(super) fn query(self) -> String {
        format!("{},{},{}", self.after, self.until_ms, u8::from(self.is_bound_to_token))
    }

    pub(super) fn parse(query: &str) -> Option<Self> {
        let mut parts = query.split(',');
        let mut number = || parts.next()?.parse().ok();
        let (after, until_ms, bound) = (number()?, number()?, number()?);
        Some(Self { after, until_ms, is_bound_to_token: bound == 1 })
    }

    /// Why it ends when its time is over.
    pub(super) const fn end(self) -> End {
        if self.is_bound_to_token { End::TokenExpired } else { End::TimeOver }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opening_is_read_as_it_was_written() {
        for is_bound_to_token in [true, false] {
            let opening = Opening { after: 7, until_ms: 9, is_bound_to_token };
            assert_eq!(Opening::parse(&opening.query()), Some(opening));
        }
        for query in ["", "1", "1,2", "a,2,1", "-1,2,1"] {
            assert_eq!(Opening::parse(query), None, "{query}");
        }
    }

    #[test]
    fn frames_are_json_that_is_read_again() {
        let frame = Frame::new(5, STATE, RawValue::from_string("{\n\"a\": 1}".into()).unwrap());
        let list = serde_json::to_string(&[frame, Frame::end(End::Forgotten).unwrap()]).unwrap();
        let read: Vec<Frame> = serde_json::from_str(&list).unwrap();
        assert_eq!((read[0].id, read[0].data.get()), (Some(5), "{\n\"a\": 1}"));
        assert!(read[1].is_end() && read[1].id.is_none());
        assert!(read[1].data.get().contains(r#""code":"conversation-deleted""#));
    }

    #[test]
    fn a_wish_is_a_number_and_nothing_else() {
        let wish = |text| serde_json::from_str::<Wish>(text).ok().map(|wish| wish.after);
        assert_eq!(wish(r#"{"after":3}"#), Some(3));
        for wrong in ["", "3", r#"{"after":"3"}"#, r#"{"after":-1}"#, r#"{"after":1,"b":2}"#] {
            assert_eq!(wish(wrong), None, "{wrong}");
        }
    }
}
