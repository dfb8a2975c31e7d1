//! What customers wrote: the one table of an object that holds it.
//!
//! `SQLite` does not overwrite what is deleted, and leaves copies behind where rows move. So these
//! rows never move and are never deleted one by one: they are added at the end, with the root page
//! already full, and overwritten in place, with as many bytes, when their time is over. Once none
//! of them is of use any more, the object's whole file goes.

use serde::Deserialize;
use worker::Result;

use super::storage::{Storage, Value, integer};

/// Three rows that say nothing make the root page an inner one: the first that matters is written
/// where it stays.
pub(super) const SCHEMA: &str = "CREATE TABLE words (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
    INSERT INTO words (id, text) VALUES
    (-3, printf('%.*c', 2000, ' ')), (-2, printf('%.*c', 2000, ' ')), (-1, printf('%.*c', 2000, ' '))";

/// As many spaces as a text has bytes. (`printf` stops at 100,000.)
const BLANK: &str =
    "substr(replace(hex(zeroblob((octet_length(text) + 1) / 2)), '0', ' '), 1, octet_length(text))";

/// What customers wrote, by ids that only grow.
pub(super) struct Words<'a>(pub(super) &'a Storage);

#[derive(Deserialize)]
struct Text {
    text: String,
}

impl Words<'_> {
    pub(super) fn add(&self, id: u64, text: &str) -> Result<()> {
        self.0.run("INSERT INTO words (id, text) VALUES (?, ?)", vec![integer(id), text.into()])
    }

    pub(super) fn text(&self, id: u64) -> Result<Option<String>> {
        let row: Option<Text> = self.0.row("SELECT text FROM words WHERE id = ?", vec![integer(id)])?;
        Ok(row.map(|row| row.text))
    }

    /// Overwrites those whose ids this query gives.
    pub(super) fn overwrite(&self, ids: &str, values: Vec<Value<'_>>) -> Result<()> {
        self.0.run(&format!("UPDATE words SET text = {BLANK} WHERE id IN ({ids})"), values)
    }
}
