//! What the emulator remembers, in its object's SQLite database.
//!
//! Every method is one or a few statements without a pause between them: what one call writes is
//! on disk together or not at all.

mod faults;
mod journal;
mod replies;
mod rows;
mod schema;
mod settings;

pub(super) use journal::{Arrival, Filter, Kind};
pub(super) use replies::Due;

use worker::{Result, SqlStorage};

use super::config::Config;

/// The database of the one object.
pub(super) struct Store {
    sql: SqlStorage,
}

impl Store {
    /// Opens the database, and makes it what this configuration and this program need.
    pub(super) fn open(sql: SqlStorage, config: &Config) -> Result<Self> {
        let store = Self { sql };
        store.run(schema::TABLES, vec![])?;
        store.release_replies()?;
        store.close_entries()?;
        store.follow(config)?;
        Ok(store)
    }

    /// Back to the configured defaults, with nothing received and nothing pending.
    pub(super) fn reset(&self, config: &Config) -> Result<()> {
        self.run(schema::EMPTY, vec![])?;
        self.configure(config)
    }
}
