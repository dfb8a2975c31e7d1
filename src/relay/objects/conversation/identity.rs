//! Whose conversation this is: an object does not know what it was named after.

use serde::Deserialize;
use worker::Result;

use crate::relay::envelope::Envelope;
use crate::relay::event_id::object_name;
use crate::relay::objects::storage::Storage;

/// The one row that says so.
pub(super) const SCHEMA: &str = "CREATE TABLE identity (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    bot_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL
)";

/// Bot and conversation.
#[derive(Deserialize)]
pub(super) struct Identity {
    pub(super) bot_id: String,
    pub(super) conversation_id: String,
}

impl Identity {
    /// Whose event this is.
    pub(super) fn of(envelope: &Envelope<'_>) -> Self {
        Self {
            bot_id: envelope.bot_id.clone().into_owned(),
            conversation_id: envelope.conversation_id.clone().into_owned(),
        }
    }

    /// The name of the object that this is.
    pub(super) fn object(&self) -> String {
        object_name(&self.bot_id, &self.conversation_id)
    }

    pub(super) fn store(&self, storage: &Storage) -> Result<()> {
        storage.run(
            "INSERT OR IGNORE INTO identity (only, bot_id, conversation_id) VALUES (1, ?, ?)",
            vec![self.bot_id.as_str().into(), self.conversation_id.as_str().into()],
        )
    }

    pub(super) fn load(storage: &Storage) -> Result<Option<Self>> {
        Ok(storage.rows("SELECT bot_id, conversation_id FROM identity", vec![])?.into_iter().next())
    }
}
