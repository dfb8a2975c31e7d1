//! Sessions, as the relay is told about them.

use crate::session::{InvalidToken, Minted, Session, SessionSecrets};

/// How sessions are read and made.
pub(super) struct Sessions {
    pub(super) secrets: SessionSecrets,
    /// Whom their tokens are for: `SESSION_AUDIENCE`.
    pub(super) audience: String,
    /// How many events a conversation takes in a minute where a session sends: `SESSION_EVENTS_PER_MINUTE`.
    pub(super) events_per_minute: u32,
}

impl Sessions {
    pub(super) fn read(&self, token: &str, now_ms: u64) -> Result<Session, InvalidToken> {
        self.secrets.read(token, &self.audience, now_ms)
    }

    pub(super) fn mint(&self, session: &Session, now_ms: u64) -> Result<Minted<'_>, InvalidToken> {
        self.secrets.mint(session, &self.audience, now_ms)
    }
}
