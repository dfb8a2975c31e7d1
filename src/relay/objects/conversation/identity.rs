//! Whose conversation this is: an object does not know what it was named after.

use serde::Deserialize;
use worker::Result;

use crate::event::BotId;
use crate::limits::Limits;
use crate::relay::config::Api;
use crate::relay::envelope::Address;
use crate::relay::event_id::{EventId, object_name};
use crate::relay::objects::storage::{Storage, integer};

/// The one row that says so. `refused` is a digest of the credentials that the API refused last.
pub(super) const SCHEMA: &str = "CREATE TABLE identity (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    bot_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    is_default INTEGER NOT NULL,
    refused TEXT
)";

/// Since when replies are expected to what another object has sent: see [`Identity::expect`].
pub(super) const EXPECTED: &str = "ALTER TABLE identity ADD COLUMN expected_ms INTEGER";

/// Bot and conversation.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Identity {
    pub(super) bot_id: String,
    pub(super) conversation_id: String,
    /// Whether its callers name no bot, but leave that to our `BOT_ID`, whatever it is by then.
    is_default: u8,
    refused: Option<String>,
}

impl Identity {
    /// Whose event or reply this is.
    pub(super) fn of(address: &Address<'_>, is_default: bool) -> Self {
        Self {
            bot_id: address.bot_id.clone().into_owned(),
            conversation_id: address.conversation_id.clone().into_owned(),
            is_default: is_default.into(),
            refused: None,
        }
    }

    /// The conversation of this bot, if that is another.
    pub(super) fn moved(&self, bot_id: &BotId<'_>) -> Option<Self> {
        let conversation_id = self.conversation_id.clone();
        let moved =
            Self { bot_id: bot_id.as_str().to_owned(), conversation_id, is_default: 1, refused: None };
        (moved.bot_id != self.bot_id).then_some(moved)
    }

    /// Bot and conversation, for another object.
    pub(super) fn address(&self) -> Address<'_> {
        Address { bot_id: self.bot_id.as_str().into(), conversation_id: self.conversation_id.as_str().into() }
    }

    /// The name of the object that this is.
    pub(super) fn object(&self) -> String {
        object_name(&self.bot_id, &self.conversation_id)
    }

    /// The id of the event of this number.
    pub(super) fn event_id(&self, seq: u64) -> EventId {
        EventId { object: self.object(), seq }
    }

    /// Stores it where there is none yet.
    pub(super) fn note(&self, storage: &Storage) -> Result<()> {
        match Self::load(storage)? {
            Some(_) => Ok(()),
            None => self.store(storage),
        }
    }

    pub(super) fn store(&self, storage: &Storage) -> Result<()> {
        storage.run(
            "INSERT INTO identity (only, bot_id, conversation_id, is_default) VALUES (1, ?, ?, ?3)
             ON CONFLICT (only) DO UPDATE SET is_default = ?3 WHERE is_default <> ?3",
            vec![
                self.bot_id.as_str().into(),
                self.conversation_id.as_str().into(),
                integer(self.is_default.into()),
            ],
        )
    }

    /// Replies will come here, though the events are another object's. That is so where `BOT_ID` was
    /// mended: what was named after the old one is sent to the new, which replies by its own name.
    pub(super) fn expect(&self, storage: &Storage, now_ms: u64) -> Result<()> {
        self.store(storage)?;
        storage.run("UPDATE identity SET expected_ms = ?", vec![integer(now_ms)])
    }

    /// Replies that have been expected since then are so no more.
    pub(super) fn expect_no_more(storage: &Storage, until_ms: u64) -> Result<()> {
        let statement = "UPDATE identity SET expected_ms = NULL WHERE expected_ms <= ?";
        storage.run(statement, vec![integer(until_ms)])
    }

    /// The bot to send to.
    pub(super) fn bot(&self, api: Option<&Api>, limits: &Limits) -> Option<BotId<'static>> {
        match api.filter(|_| self.is_default > 0) {
            Some(api) => Some(api.bot_id.clone()),
            None => BotId::parse(self.bot_id.clone(), limits).ok(),
        }
    }

    /// Whether credentials were refused last, and these are others.
    pub(super) fn has_new(&self, credentials: &str) -> bool {
        self.refused.as_deref().is_some_and(|refused| refused != credentials)
    }

    /// The API has refused these credentials.
    pub(super) fn note_refused(storage: &Storage, credentials: &str) -> Result<()> {
        storage.run("UPDATE identity SET refused = ?1 WHERE refused IS NOT ?1", vec![credentials.into()])
    }

    pub(super) fn load(storage: &Storage) -> Result<Option<Self>> {
        storage.row("SELECT bot_id, conversation_id, is_default, refused FROM identity", vec![])
    }
}
