//! What goes wrong, as `application/problem+json` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)).
//!
//! One table of codes; each has one status and one title. The text says what to do next, and never
//! what a customer wrote or what a secret is.

use serde::Serialize;

use crate::api::Outcome;
use crate::event::{Fault, Issue, Rejected, Warning};
use crate::webhook::Unproven;

/// An answer that is not a success.
#[derive(Debug, Clone)]
pub(super) struct Problem(Box<Document>);

#[derive(Debug, Clone, Serialize)]
struct Document {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    code: &'static str,
    detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Issue>,
    /// Errors beyond those listed.
    #[serde(rename = "errorsOmitted", skip_serializing_if = "is_zero")]
    errors_omitted: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Warning>,
    /// Why a token is not taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// The status that the API answered with.
    #[serde(rename = "apiStatus", skip_serializing_if = "Option::is_none")]
    api_status: Option<u16>,
    /// Headers that go with it.
    #[serde(skip)]
    headers: Vec<(&'static str, String)>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde calls")]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Problem {
    pub(super) fn new(
        status: u16,
        code: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self(Box::new(Document {
            kind: format!("urn:ticketwire:problem:{code}"),
            title,
            status,
            code,
            detail: detail.into(),
            errors: Vec::new(),
            errors_omitted: 0,
            warnings: Vec::new(),
            reason: None,
            api_status: None,
            headers: Vec::new(),
        }))
    }

    pub(super) const fn with_reason(mut self, reason: &'static str) -> Self {
        self.0.reason = Some(reason);
        self
    }

    pub(super) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.headers.push((name, value.into()));
        self
    }

    /// No route has this path.
    pub(super) fn no_such_route() -> Self {
        Self::new(404, "no-such-route", "There is nothing here", "see the README for the routes of the relay")
    }

    /// The route does not take this method.
    pub(super) fn wrong_method(allow: &'static str) -> Self {
        let detail = format!("this route takes {allow}");
        Self::new(405, "wrong-method", "Method not allowed", detail).with_header("allow", allow)
    }

    /// The caller shows no key.
    pub(super) fn no_key() -> Self {
        Self::new(
            401,
            "no-key",
            "A key is required",
            "send one of the relay's keys, or a session's token, as `Authorization: Bearer <key>`",
        )
        .with_header("www-authenticate", "Bearer")
    }

    /// The caller shows a key that is not ours.
    pub(super) fn wrong_key() -> Self {
        Self::new(401, "wrong-key", "The key is not known", "use one of the keys in the relay's RELAY_KEYS")
            .with_header("www-authenticate", "Bearer error=\"invalid_token\"")
    }

    /// The webhook does not prove itself; these are the ways in which it could.
    pub(super) fn webhook_unproven(reason: Unproven, ways: &str) -> Self {
        let (code, title) = match reason {
            Unproven::NoProof | Unproven::Malformed => {
                ("webhook-unproven", "The webhook does not prove where it comes from")
            }
            Unproven::WrongSignature => ("webhook-wrong-signature", "The webhook's signature is not right"),
            Unproven::Stale | Unproven::Future => ("webhook-stale", "The webhook was not signed just now"),
        };
        Self::new(401, code, title, format!("{reason}; what is taken: {ways}"))
    }

    /// The body is of another type than JSON.
    pub(super) fn wrong_type() -> Self {
        Self::new(415, "wrong-content-type", "The body must be JSON", "send `Content-Type: application/json`")
            .with_header("accept", "application/json")
    }

    /// The body has more bytes than we take.
    pub(super) fn too_large(max_bytes: usize) -> Self {
        Self::new(
            413,
            "body-too-large",
            "The body is too large",
            Fault::BodyTooLarge { max_bytes }.to_string(),
        )
    }

    /// The body did not arrive whole.
    pub(super) fn body_cut_off() -> Self {
        Self::new(400, "body-cut-off", "The body did not arrive whole", "send the request again")
    }

    /// What was sent is not what is taken there.
    pub(super) fn invalid(what: &'static str, rejected: Rejected) -> Self {
        let (code, title) = match what {
            "event" => ("invalid-event", "The event is not valid"),
            "session" => ("invalid-session", "The session is not valid"),
            "call" => ("invalid-call", "The call is not valid"),
            _ => ("invalid-reply", "The reply is not valid"),
        };
        let detail = match rejected.issues() {
            [only] => only.fault().to_string(),
            issues => format!("{} things to mend; see `errors`", issues.len() + rejected.omitted()),
        };
        let mut problem = Self::new(400, code, title, detail);
        let document = &mut problem.0;
        (document.errors, document.errors_omitted, document.warnings) = rejected.into_parts();
        problem
    }

    /// The route takes no calls in bodies.
    pub(super) fn not_callable() -> Self {
        Self::new(
            400,
            "not-callable",
            "This can't be called in a body",
            "streams, webhooks and calls are routes that take requests of their own: send one there",
        )
    }

    /// The `botid` of a request is not one.
    pub(super) fn invalid_bot_id(fault: &Fault) -> Self {
        Self::new(400, "invalid-bot-id", "The header botid is not valid", fault.to_string())
    }

    /// The id can't name a conversation.
    pub(super) fn invalid_conversation_id(detail: impl Into<String>) -> Self {
        Self::new(400, "invalid-conversation-id", "The conversation id is not valid", detail)
    }

    /// Nothing is known of a conversation.
    pub(super) fn no_such_conversation() -> Self {
        Self::new(
            404,
            "no-such-conversation",
            "Nothing is known of this conversation",
            "no event and no reply of it is kept; check the id and the header botid",
        )
    }

    /// A reply belongs to nothing that is known.
    pub(super) fn reply_without_conversation() -> Self {
        let mut problem = Self::no_such_conversation();
        problem.0.detail = "no event of it is kept for the bot that the reply names, so the reply is not stored; check BOT_ID and the bot's webhook".into();
        problem
    }

    /// No event has this id.
    pub(super) fn no_such_event() -> Self {
        Self::new(
            404,
            "no-such-event",
            "Nothing is known of this event",
            "check the id: it is in the header Ticketwire-Event of the answer to the event; delivered events are forgotten in time",
        )
    }

    /// The event can't be replayed.
    pub(super) fn not_parked() -> Self {
        Self::new(
            409,
            "not-parked",
            "The event is not parked",
            "only a parked event can be replayed: GET /events/{id} says where this one stands",
        )
    }

    /// The header `Idempotency-Key` is not one.
    pub(super) fn invalid_idempotency_key(max_bytes: usize) -> Self {
        Self::new(
            400,
            "invalid-idempotency-key",
            "The header Idempotency-Key is not valid",
            format!("expected 1 to {max_bytes} characters of visible ASCII; a UUID does well"),
        )
    }

    /// The key came with another body before.
    pub(super) fn idempotency_key_reused() -> Self {
        Self::new(
            409,
            "idempotency-key-reused",
            "The Idempotency-Key was used for another event",
            "give each event of a conversation a key of its own, and the same one only when you send the same bytes again",
        )
    }

    /// The conversation was deleted while the event was tried.
    pub(super) fn forgotten() -> Self {
        Self::new(
            409,
            "conversation-deleted",
            "The conversation was deleted while the event was on its way",
            "it is forgotten, and may have reached the API; send it again only if it shall begin the conversation anew",
        )
    }

    /// As much is waiting as may.
    pub(super) fn too_many_waiting() -> Self {
        Self::new(
            429,
            "too-many-waiting",
            "Too much is waiting in this conversation",
            "the event was not taken: send it again later; whoever runs the relay: see what is parked, and MAX_WAITING_EVENTS and MAX_WAITING_BYTES",
        )
        .with_header("retry-after", "60")
    }

    /// A session has sent as much as it may.
    pub(super) fn too_many_events(retry_after_s: u64) -> Self {
        Self::new(
            429,
            "too-many-events",
            "Too many events in a minute",
            "the event was not taken: send it again later; whoever runs the relay: see SESSION_EVENTS_PER_MINUTE",
        )
        .with_header("retry-after", retry_after_s.to_string())
    }

    /// The caller calls too often.
    pub(super) fn rate_limited() -> Self {
        Self::new(
            429,
            "rate-limited",
            "Too many requests",
            "wait as long as Retry-After says; whoever runs the relay: the limit is RATE_LIMIT in wrangler.toml",
        )
        .with_header("retry-after", "60")
    }

    /// A page that is not listed opens a WebSocket.
    pub(super) fn foreign_page() -> Self {
        Self::new(
            403,
            "origin-not-allowed",
            "Pages from there may not call",
            "whoever runs the relay: list the page's origin in ALLOWED_ORIGINS",
        )
    }

    /// As many follow a conversation as may.
    pub(super) fn too_many_streams() -> Self {
        Self::new(
            429,
            "too-many-streams",
            "Too many follow this conversation",
            "close a stream of it, or try again later; whoever runs the relay: see MAX_STREAMS",
        )
        .with_header("retry-after", "60")
    }

    /// The storage failed.
    pub(super) fn not_stored() -> Self {
        Self::new(
            503,
            "not-stored",
            "The event could not be stored",
            "send it again; with an Idempotency-Key it is sure not to be taken twice",
        )
        .with_header("retry-after", "1")
    }

    /// A query parameter is not what it should be.
    pub(super) fn invalid_query(detail: &'static str) -> Self {
        Self::new(400, "invalid-query", "The query is not valid", detail)
    }

    /// Settings are missing that this route needs.
    pub(super) fn not_configured() -> Self {
        Self::new(
            503,
            "not-configured",
            "The relay is not configured",
            "GET /ready says which settings are missing",
        )
    }

    /// There is no secret to sign tokens with.
    pub(super) fn no_sessions() -> Self {
        Self::new(
            503,
            "sessions-not-configured",
            "The relay gives out no sessions",
            "whoever runs the relay: set SESSION_SECRETS to kid:secret",
        )
    }

    /// Our own storage or runtime failed.
    pub(super) fn internal() -> Self {
        Self::new(
            500,
            "internal",
            "The relay failed",
            "this is a fault of the relay; its log has the details; try again",
        )
    }

    /// What the API answered, when it did not acknowledge.
    pub(super) fn of_outcome(outcome: Outcome, retry_after: Option<String>) -> Self {
        let (status, title, detail) = explain(outcome);
        let mut problem = Self::new(status, outcome.code(), title, detail);
        problem.0.api_status = outcome.status();
        match retry_after {
            Some(wait) if outcome.is_retryable() => problem.with_header("retry-after", wait),
            _ => problem,
        }
    }

    /// The status to answer with.
    pub(super) const fn status(&self) -> u16 {
        self.0.status
    }

    /// The stable name.
    pub(super) const fn code(&self) -> &'static str {
        self.0.code
    }

    /// The title.
    #[cfg(test)]
    pub(super) const fn title(&self) -> &'static str {
        self.0.title
    }

    /// Headers that go with it.
    pub(super) fn headers(&self) -> &[(&'static str, String)] {
        &self.0.headers
    }

    /// The document.
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }
}

/// Status, title and next step for each way in which the API fails.
const fn explain(outcome: Outcome) -> (u16, &'static str, &'static str) {
    match outcome {
        Outcome::CredentialsRefused(_) => (
            502,
            "The API refuses the relay's credentials",
            "whoever runs the relay: check API_KEY (making a new key ends the old one), BOT_ID or the header botid, and that the bot uses a custom CRM",
        ),
        Outcome::Refused(_) => (
            502,
            "The API refuses this event",
            "the event passed every documented rule; do not send it again unchanged",
        ),
        Outcome::NotFound => (
            502,
            "The API does not know the endpoint or the agent",
            "whoever runs the relay: check API_BASE_URL and BOT_ID",
        ),
        Outcome::Redirected(_) => (
            502,
            "The API answered with a redirect",
            "not followed, since the key would travel along; whoever runs the relay: check API_BASE_URL",
        ),
        Outcome::RateLimited => (502, "The API asks to slow down", "send the event again later"),
        Outcome::Failed(_) => (502, "The API failed", "send the event again later"),
        Outcome::TimedOut => (
            504,
            "The API did not answer in time",
            "it may have the event all the same; sending it again may repeat it",
        ),
        Outcome::Unreachable | Outcome::Interrupted | Outcome::Acknowledged => (
            502,
            "The API can't be reached",
            "send the event again later; whoever runs the relay: check API_BASE_URL",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_never_turns_into_a_refusal_of_the_caller() {
        for (outcome, status, code) in [
            (Outcome::of_status(302), 502, "api-redirected"),
            (Outcome::of_status(400), 502, "api-refused-event"),
            (Outcome::of_status(401), 502, "api-credentials-refused"),
            (Outcome::of_status(403), 502, "api-credentials-refused"),
            (Outcome::of_status(404), 502, "api-not-found"),
            (Outcome::of_status(429), 502, "api-rate-limited"),
            (Outcome::of_status(500), 502, "api-failed"),
            (Outcome::TimedOut, 504, "api-timed-out"),
            (Outcome::Unreachable, 502, "api-unreachable"),
        ] {
            let problem = Problem::of_outcome(outcome, None);
            assert_eq!((problem.status(), problem.code()), (status, code));
        }
    }

    #[test]
    fn retry_after_is_passed_on_only_where_it_helps() {
        let wait = || Some("30".to_owned());
        assert_eq!(Problem::of_outcome(Outcome::RateLimited, wait()).headers().len(), 1);
        assert_eq!(Problem::of_outcome(Outcome::Refused(400), wait()).headers().len(), 0);
    }

    #[test]
    fn the_document_has_the_members_of_rfc_9457() {
        let json: serde_json::Value = serde_json::from_str(&Problem::no_key().to_json()).unwrap();
        assert_eq!(json["type"], "urn:ticketwire:problem:no-key");
        assert_eq!(json["status"], 401);
        assert!(json["title"].is_string() && json["detail"].is_string());
        assert!(json.get("errors").is_none());
    }
}
