//! Faults on demand: what goes wrong, for which requests, how often.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The longest wait of a fault, in milliseconds; a request without an answer is held as long.
pub(super) const MAX_WAIT_MS: u32 = 600_000;

/// What goes wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub(super) enum Fault {
    /// Answered with this status, and not processed.
    Status {
        status: u16,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<RetryAfter>,
    },
    /// Processed, but late.
    Latency { ms: u32 },
    /// Neither processed nor answered.
    NoAnswer {},
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

/// How many requests a fault meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub(super) enum Times {
    Next(u32),
    Always,
}

impl Default for Times {
    fn default() -> Self {
        Self::Next(1)
    }
}

impl TryFrom<Value> for Times {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        if value == "always" {
            return Ok(Self::Always);
        }
        let count = value.as_u64().and_then(|count| u32::try_from(count).ok());
        match count {
            Some(count @ 1..) => Ok(Self::Next(count)),
            _ => Err("times is a whole number from 1, or \"always\""),
        }
    }
}

impl From<Times> for Value {
    fn from(times: Times) -> Self {
        match times {
            Times::Next(count) => count.into(),
            Times::Always => "always".into(),
        }
    }
}

/// A fault as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Order {
    pub(super) fault: Fault,
    #[serde(default)]
    pub(super) times: Times,
    /// Only requests of this conversation; all where there is none.
    #[serde(default)]
    pub(super) conversation: Option<String>,
}

/// Reads an order; the error says what was expected.
pub(super) fn read(body: &[u8]) -> Result<Order, String> {
    let order: Order = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    match order.fault.problem() {
        Some(problem) => Err(problem),
        None => Ok(order),
    }
}

impl Fault {
    fn problem(&self) -> Option<String> {
        match self {
            Self::Status { status, .. } if !(200..=599).contains(status) => {
                Some("status is a number from 200 to 599".to_owned())
            }
            Self::Status { retry_after: Some(RetryAfter::Text(text)), .. } if !is_header_text(text) => {
                Some("retryAfter is a number of seconds, or text that fits a header".to_owned())
            }
            Self::Latency { ms } if *ms > MAX_WAIT_MS => {
                Some(format!("ms is a number from 0 to {MAX_WAIT_MS}"))
            }
            _ => None,
        }
    }
}

fn is_header_text(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_says_what_how_often_and_for_whom() {
        let order = read(br#"{"fault":{"kind":"status","status":503,"retryAfter":30}}"#).unwrap();
        assert_eq!(
            order,
            Order {
                fault: Fault::Status { status: 503, retry_after: Some(RetryAfter::Seconds(30)) },
                times: Times::Next(1),
                conversation: None,
            }
        );
        let order =
            read(br#"{"fault":{"kind":"latency","ms":1500},"times":"always","conversation":"case-1"}"#)
                .unwrap();
        assert_eq!(order.fault, Fault::Latency { ms: 1500 });
        assert_eq!(order.times, Times::Always);
        assert_eq!(order.conversation.as_deref(), Some("case-1"));
        let order = read(br#"{"fault":{"kind":"no-answer"},"times":3}"#).unwrap();
        assert_eq!(order.fault, Fault::NoAnswer {});
        assert_eq!(order.times, Times::Next(3));
    }

    #[test]
    fn a_stored_fault_reads_as_it_was_written() {
        for text in [
            r#"{"kind":"status","status":503}"#,
            r#"{"kind":"status","status":429,"retryAfter":"Wed, 21 Oct 2026 07:28:00 GMT"}"#,
            r#"{"kind":"latency","ms":0}"#,
            r#"{"kind":"no-answer"}"#,
        ] {
            let fault: Fault = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&fault).unwrap(), text);
        }
    }

    #[test]
    fn a_bad_order_is_told_what_was_expected() {
        for (body, expected) in [
            ("", "EOF"),
            ("{}", "missing field `fault`"),
            (r#"{"fault":{"kind":"tea"}}"#, "one of `status`, `latency`, `no-answer`"),
            (r#"{"fault":{"kind":"status","status":199}}"#, "from 200 to 599"),
            (r#"{"fault":{"kind":"status","status":600}}"#, "from 200 to 599"),
            (r#"{"fault":{"kind":"status","status":503,"retryAfter":"a\nb"}}"#, "fits a header"),
            (r#"{"fault":{"kind":"latency","ms":600001}}"#, "from 0 to 600000"),
            (r#"{"fault":{"kind":"no-answer","ms":1}}"#, "unknown field `ms`"),
            (r#"{"fault":{"kind":"no-answer"},"times":0}"#, "whole number from 1"),
            (r#"{"fault":{"kind":"no-answer"},"times":"ever"}"#, "whole number from 1"),
            (r#"{"fault":{"kind":"no-answer"},"time":1}"#, "unknown field `time`"),
        ] {
            let error = read(body.as_bytes()).unwrap_err();
            assert!(error.contains(expected), "{body}: {error}");
        }
    }
}
