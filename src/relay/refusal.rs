//! Why a caller is not let in.

use super::problem::Problem;
use crate::session::InvalidToken;

/// Why a caller is not let in. Says nothing of what was shown, nor of what would have been right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The relay has no keys yet.
    NotConfigured,
    /// Nothing is shown.
    NoKey,
    /// What is shown is no key of ours, and no token.
    WrongKey,
    /// A token is shown, and the relay takes none.
    NoSessions,
    /// A token is shown that is not taken.
    InvalidToken(InvalidToken),
    /// It takes one of the relay's keys.
    ServerKeyRequired,
    /// The session has not the scope for it.
    OutOfScope,
    /// The session is for other conversations.
    ForeignConversation,
    /// The session is for another bot.
    ForeignBot,
    /// The session is for another web origin.
    ForeignOrigin,
}

/// The reason of [`Refusal::NoSessions`], beside those of a token.
const NOT_CONFIGURED: &str = "sessions-not-configured";

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let forbidden = |code, title, detail: &str| Self::new(403, code, title, detail);
        match refusal {
            Refusal::NotConfigured => Self::not_configured(),
            Refusal::NoKey => Self::no_key(),
            Refusal::WrongKey => Self::wrong_key(),
            Refusal::NoSessions => invalid_token(
                NOT_CONFIGURED,
                "the relay takes no tokens: whoever runs it sets SESSION_SECRETS",
            ),
            Refusal::InvalidToken(reason) => invalid_token(reason.code(), reason.to_string()),
            Refusal::ServerKeyRequired => forbidden(
                "server-key-required",
                "A session may not do this",
                "this takes one of the relay's keys; ask the backend that holds one",
            ),
            Refusal::OutOfScope => forbidden(
                "out-of-scope",
                "The session's scope does not reach this far",
                "get a token whose `scope` has `send`, to send an event, or `read`, to read a conversation",
            ),
            Refusal::ForeignConversation => forbidden(
                "foreign-conversation",
                "The session is for other conversations",
                "get a token whose `conversation` names this one",
            ),
            Refusal::ForeignBot => forbidden(
                "foreign-bot",
                "The session is for another bot",
                "leave the header botid out, or get a token whose `bot` is that bot",
            ),
            Refusal::ForeignOrigin => forbidden(
                "foreign-origin",
                "The session is for another web origin",
                "the header Origin must be the token's `origin`, which only browsers send by themselves",
            ),
        }
    }
}

fn invalid_token(reason: &'static str, detail: impl Into<String>) -> Problem {
    Problem::new(401, "invalid-token", "The token is not taken", detail)
        .with_reason(reason)
        .with_header("www-authenticate", "Bearer error=\"invalid_token\"")
}
