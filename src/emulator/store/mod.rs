//! What the emulator remembers, in its object's SQLite database.
//!
//! Every method is one or a few statements without a pause between them: what one call writes is
//! on disk together or not at all.

mod faults;
mod journal;
mod page;
mod replies;
mod rows;
mod schema;
mod seed;
mod settings;

pub(super) use journal::{Arrival, Ending};
pub(super) use replies::{Due, Outgoing};

use worker::{Result, SqlStorage};

use super::config::Config;

/// The database of the one object.
pub(super) struct Store {
    sql: SqlStorage,
    /// How many entries the journal keeps.
    journal_entries: i64,
}

impl Store {
    /// Opens the database, and makes it what this configuration and this program need.
    pub(super) fn open(sql: SqlStorage, config: &Config) -> Result<Self> {
        let store = Self { sql, journal_entries: config.journal_entries };
        store.make_tables()?;
        store.release_replies()?;
        store.close_entries()?;
        store.follow(config)?;
        store.seed_if_new(config)?;
        Ok(store)
    }

    fn make_tables(&self) -> Result<()> {
        self.run(schema::TABLES, vec![])?;
        for schema::Column { table, name, add } in schema::COLUMNS {
            let values = vec![(*table).into(), (*name).into()];
            if self.find("SELECT 1 FROM pragma_table_info(?) WHERE name = ?", values)?.is_none() {
                self.run(add, vec![])?;
            }
        }
        self.run(schema::INDEXES, vec![]).map(drop)
    }

    /// Back to the configured defaults, with nothing received and nothing pending.
    pub(super) fn reset(&self, config: &Config) -> Result<()> {
        self.run(schema::EMPTY, vec![])?;
        self.configure(config)
    }
}
