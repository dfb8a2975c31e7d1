//! Replies on their way to the CRM's own URL, signed as Standard Webhooks has it.

use super::platform;
use super::request::buffer;
use super::upstream::{self, Answer};
use crate::api::{Outcome, is_safe};
use crate::outbox::State;
use crate::webhook::{StandardProof, StandardSecret};

/// How long the CRM may take to answer, in milliseconds. Our choice: what Standard Webhooks advises
/// at least.
pub(super) const TIMEOUT_MS: u32 = 15_000;

/// Where replies go.
pub(super) struct Onward {
    /// `ONWARD_URL`.
    url: String,
    /// `ONWARD_SECRETS`: each signs, since the receiver may know the old one or the new.
    secrets: Vec<StandardSecret>,
}

impl Onward {
    pub(super) const fn new(url: String, secrets: Vec<StandardSecret>) -> Self {
        Self { url, secrets }
    }

    /// Reads `ONWARD_URL`; what it says is not repeated.
    pub(super) fn url(text: &str) -> Result<String, &'static str> {
        let expected = "expected an https URL without user, query and fragment (http only for loopback)";
        is_safe(text).then(|| text.to_owned()).ok_or(expected)
    }

    /// Sends a reply once, word for word. Each try of it has the same id.
    pub(super) async fn send(&self, id: &str, body: &str, now_ms: u64) -> Answer {
        let proof = StandardProof::sign(&self.secrets, id, now_ms, body.as_bytes());
        let ours = [
            ("content-type", "application/json"),
            ("user-agent", concat!("ticketwire/", env!("CARGO_PKG_VERSION"))),
        ];
        let headers = platform::lines(ours.into_iter().chain(proof.headers()));
        upstream::post(&self.url, &headers, &buffer(body.as_bytes()), TIMEOUT_MS, outcome).await
    }
}

/// What the CRM's answer means. Standard Webhooks: 2xx is a success, 410 means never again, anything
/// else is tried again; for whatever else it says now may be a mistake of its deployment.
const fn outcome(status: u16) -> Outcome {
    match status {
        200..=299 => Outcome::Acknowledged,
        410 => Outcome::Refused(status),
        429 => Outcome::RateLimited,
        _ => Outcome::Failed(status),
    }
}

/// The stable name of what became of a try: the API has no part in it.
pub(super) const fn code(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Refused(_) => "onward-gone",
        Outcome::RateLimited => "onward-rate-limited",
        Outcome::TimedOut => "onward-timed-out",
        Outcome::Unreachable => "onward-unreachable",
        Outcome::Interrupted => "interrupted",
        Outcome::Acknowledged
        | Outcome::Redirected(_)
        | Outcome::CredentialsRefused(_)
        | Outcome::NotFound
        | Outcome::Failed(_) => "onward-failed",
    }
}

/// The same, from the name that is stored.
pub(super) fn renamed(stored: &str) -> &'static str {
    let known = [
        Outcome::Refused(410),
        Outcome::RateLimited,
        Outcome::TimedOut,
        Outcome::Unreachable,
        Outcome::Interrupted,
    ];
    let outcome = known.into_iter().find(|outcome| outcome.code() == stored);
    code(outcome.unwrap_or(Outcome::Failed(500)))
}

/// What somebody has to do about a reply that is parked.
pub(super) fn advice(state: State, code: &str) -> Option<&'static str> {
    let State::Parked { .. } = state else {
        return None;
    };
    Some(if code == "onward-gone" {
        "the CRM answered 410, which means never again: check ONWARD_URL, then replay it"
    } else {
        "it was tried for a day in vain: replay it once the CRM is well"
    })
}

#[cfg(test)]
mod tests {
    use super::{code, outcome, renamed};
    use crate::api::Outcome;

    #[test]
    fn only_gone_is_for_ever() {
        for (status, is_retryable, expected) in [
            (410, false, "onward-gone"),
            (400, true, "onward-failed"),
            (301, true, "onward-failed"),
            (401, true, "onward-failed"),
            (404, true, "onward-failed"),
            (429, true, "onward-rate-limited"),
            (500, true, "onward-failed"),
        ] {
            let outcome = outcome(status);
            assert_eq!((outcome.is_retryable(), code(outcome)), (is_retryable, expected), "{status}");
            assert_eq!(outcome.status(), Some(status));
        }
        assert_eq!(outcome(204), Outcome::Acknowledged);
    }

    #[test]
    fn a_stored_name_leads_to_the_same() {
        for outcome in [
            Outcome::Refused(410),
            Outcome::RateLimited,
            Outcome::Failed(500),
            Outcome::TimedOut,
            Outcome::Unreachable,
            Outcome::Interrupted,
        ] {
            assert_eq!(renamed(outcome.code()), code(outcome));
        }
    }
}
