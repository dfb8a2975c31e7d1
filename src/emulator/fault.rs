//! Faults on demand: what can go wrong with an event.

use serde::{Deserialize, Serialize};

/// The longest wait of a fault, in milliseconds; a request without an answer is held as long.
pub(super) const MAX_WAIT_MS: u32 = 600_000;

/// How old a stale proof is unless said otherwise, in milliseconds: an hour, far beyond the few
/// minutes that receivers allow.
pub(super) const STALE_MS: u32 = 3_600_000;

/// One thing that goes wrong with an event.
///
/// Orders are read by [`super::order_reader`]; what is derived here reads what was stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub(super) enum Fault {
    /// Nothing: an order of this kind uses up a request that is to be left alone.
    Pass {},
    /// Answered with this status, and not processed.
    Status {
        status: u16,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<RetryAfter>,
    },
    /// Late: whatever happens to the event happens after this time.
    Latency { ms: u32 },
    /// Neither processed nor answered: the connection is held open.
    NoAnswer {},
    /// Neither processed nor answered: the connection is closed.
    Drop {},
    /// Processed, but the caller never learns it: the connection is closed, or a gateway in between
    /// answers with a status of its own.
    AckLost {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
    },
    /// Acknowledged, and never replied to.
    NoReply {},
    /// Each reply comes later than the script has it.
    ReplyLate { ms: u32 },
    /// Each reply comes twice.
    ReplyTwice {},
    /// The last reply comes first, the first last.
    ReplyReversed {},
    /// The replies are delivered before the acknowledgement goes out.
    ReplyBeforeAck {},
    /// The replies are sent with a wrong secret, or signed by one.
    ReplyWrongProof {},
    /// The replies are signed as of an earlier time.
    ReplyStaleProof { ms: u32 },
}

impl Fault {
    /// Whether it changes the replies to an event, not the event itself.
    pub(super) const fn is_of_replies(&self) -> bool {
        match self {
            Self::Pass {}
            | Self::Status { .. }
            | Self::Latency { .. }
            | Self::NoAnswer {}
            | Self::Drop {}
            | Self::AckLost { .. }
            | Self::NoReply {} => false,
            Self::ReplyLate { .. }
            | Self::ReplyTwice {}
            | Self::ReplyReversed {}
            | Self::ReplyBeforeAck {}
            | Self::ReplyWrongProof {}
            | Self::ReplyStaleProof { .. } => true,
        }
    }
}

/// The header `Retry-After` has two forms: seconds, or a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum RetryAfter {
    Seconds(u32),
    Text(String),
}

impl RetryAfter {
    pub(super) fn header(&self) -> String {
        match self {
            Self::Seconds(seconds) => seconds.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

/// What goes wrong at once with one event, written as it was ordered: one fault, or a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Faults {
    One(Fault),
    Several(Vec<Fault>),
}

impl Faults {
    pub(super) fn all(&self) -> &[Fault] {
        match self {
            Self::One(fault) => std::slice::from_ref(fault),
            Self::Several(faults) => faults,
        }
    }

    /// Those among them that change the replies.
    pub(super) fn of_replies(&self) -> Option<Self> {
        let mut found: Vec<_> = self.all().iter().filter(|fault| fault.is_of_replies()).cloned().collect();
        match found.len() {
            0 => None,
            1 => found.pop().map(Self::One),
            _ => Some(Self::Several(found)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_fault_reads_as_it_was_written() {
        for text in [
            r#"{"kind":"status","status":503}"#,
            r#"{"kind":"status","status":429,"retryAfter":"Wed, 21 Oct 2026 07:28:00 GMT"}"#,
            r#"{"kind":"latency","ms":0}"#,
            r#"{"kind":"no-answer"}"#,
            r#"{"kind":"ack-lost"}"#,
            r#"[{"kind":"ack-lost","status":502},{"kind":"reply-stale-proof","ms":1}]"#,
            r#"[]"#,
        ] {
            let faults: Faults = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&faults).unwrap(), text);
        }
    }

    #[test]
    fn replies_have_faults_of_their_own() {
        for (all, of_replies) in [
            (r#"{"kind":"drop"}"#, "null"),
            (r#"[{"kind":"latency","ms":1},{"kind":"reply-twice"}]"#, r#"{"kind":"reply-twice"}"#),
            (
                r#"[{"kind":"reply-twice"},{"kind":"reply-reversed"}]"#,
                r#"[{"kind":"reply-twice"},{"kind":"reply-reversed"}]"#,
            ),
        ] {
            let faults: Faults = serde_json::from_str(all).unwrap();
            assert_eq!(serde_json::to_string(&faults.of_replies()).unwrap(), of_replies);
        }
    }
}
