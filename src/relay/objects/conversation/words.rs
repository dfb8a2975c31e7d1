//! What customers wrote: the one table that holds it.
//!
//! `SQLite` does not overwrite what is deleted, and leaves copies behind where rows move. So these
//! rows never move and are never deleted one by one: they are added at the end, with the root page
//! already full, and overwritten in place, with as many bytes, when their time is over. Once
//! nothing is left of the conversation, its whole file goes.

use serde::Deserialize;
use worker::Result;

use crate::relay::objects::storage::{Storage, integer};

/// `transcript` is what is kept to be read; `body` what is to be sent, with all that is personal.
/// Three rows that say nothing make the root page an inner one: the first row that matters is
/// written where it stays.
pub(super) const SCHEMA: &str = "
CREATE TABLE words (seq INTEGER PRIMARY KEY, transcript TEXT, body TEXT);
INSERT INTO words (seq, transcript) VALUES
    (-3, printf('%.*c', 2000, ' ')), (-2, printf('%.*c', 2000, ' ')), (-1, printf('%.*c', 2000, ' '));
";

/// What customers wrote in a conversation.
pub(super) struct Words<'a>(pub(super) &'a Storage);

#[derive(Deserialize)]
struct Body {
    body: Option<String>,
}

impl Words<'_> {
    pub(super) fn add(&self, seq: u64, transcript: &str, body: Option<&str>) -> Result<()> {
        self.0.run(
            "INSERT INTO words (seq, transcript, body) VALUES (?, ?, ?)",
            vec![integer(seq), transcript.into(), body.into()],
        )
    }

    /// What is to be sent.
    pub(super) fn body(&self, seq: u64) -> Result<Option<String>> {
        let rows: Vec<Body> = self.0.rows("SELECT body FROM words WHERE seq = ?", vec![integer(seq)])?;
        Ok(rows.into_iter().next().and_then(|row| row.body))
    }

    /// The event has been sent: what is personal in it goes.
    pub(super) fn overwrite_body(&self, seq: u64) -> Result<()> {
        self.0.run(
            "UPDATE words SET body = printf('%.*c', octet_length(body), ' ') WHERE seq = ? AND body IS NOT NULL",
            vec![integer(seq)],
        )
    }

    /// Overwrites what belongs to these entries: a query of their numbers.
    pub(super) fn overwrite(&self, entries: &str, until_ms: u64) -> Result<()> {
        self.0.run(
            &format!(
                "UPDATE words SET transcript = printf('%.*c', octet_length(transcript), ' '),
                 body = iif(body IS NULL, NULL, printf('%.*c', octet_length(body), ' ')) WHERE seq IN ({entries})"
            ),
            vec![integer(until_ms)],
        )
    }
}
