//! Events and replies on their way from the Worker to the object that keeps their conversation.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Whose conversation it is: an object does not know what it was named after.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Address<'a> {
    #[serde(borrow)]
    pub(super) bot_id: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) conversation_id: Cow<'a, str>,
}

/// What goes along with the body of an event that is to be sent.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Envelope<'a> {
    #[serde(borrow)]
    pub(super) address: Address<'a>,
    /// Whether the caller named no bot, and it is the one configured.
    pub(super) is_default_bot: bool,
    /// Digests of the idempotency key and of the body, where the caller gave a key.
    #[serde(borrow)]
    pub(super) key: Option<(Cow<'a, str>, Cow<'a, str>)>,
    /// Whether the caller does not want to wait for the first try.
    pub(super) respond_async: bool,
    /// How many events the conversation may take in a minute for this one to be among them, where a
    /// session sent it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) max_per_minute: Option<u32>,
    /// The caller's `traceparent`, which each try carries on.
    pub(super) trace: Option<String>,
    /// The id of the caller's request, for the log.
    #[serde(borrow)]
    pub(super) request: Option<Cow<'a, str>>,
    /// What is kept of the event to be read.
    #[serde(borrow)]
    pub(super) transcript: &'a RawValue,
}

/// One line of JSON, behind which the body stands as it is.
pub(super) fn seal(envelope: &impl Serialize, body: &str) -> serde_json::Result<String> {
    let mut sealed = serde_json::to_string(envelope)?;
    sealed.push('\n');
    sealed.push_str(body);
    Ok(sealed)
}

/// Envelope and body.
pub(super) fn open<'a, T: Deserialize<'a>>(sealed: &'a str) -> serde_json::Result<(T, &'a str)> {
    let (envelope, body) = sealed.split_once('\n').unwrap_or((sealed, ""));
    Ok((serde_json::from_str(envelope)?, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_what_is_opened() {
        let transcript: &RawValue = serde_json::from_str(r#"{"text":"a\nb"}"#).unwrap();
        let envelope = Envelope {
            address: Address { bot_id: "bot".into(), conversation_id: "ä \n\"".into() },
            is_default_bot: true,
            key: Some(("k".into(), "b".into())),
            respond_async: true,
            max_per_minute: Some(60),
            trace: Some("00-t-p-01".into()),
            request: None,
            transcript,
        };
        let body = "\u{feff}{\n \"text\": \"x\"\n}\n";
        let sealed = seal(&envelope, body).unwrap();
        let (opened, opened_body): (Envelope<'_>, _) = open(&sealed).unwrap();
        assert_eq!(opened_body, body);
        assert_eq!(opened.address.conversation_id, "ä \n\"");
        assert_eq!(opened.transcript.get(), transcript.get());
        assert_eq!(opened.trace.as_deref(), Some("00-t-p-01"));
    }
}
