//! The transcript's rows, in SQLite.

use serde::Deserialize;
use worker::{Error, Result};

use crate::relay::objects::storage::{Storage, integer};
use crate::relay::objects::words::Words;
use crate::relay::range::Range;
use crate::relay::transcript::{Direction, Row, Slice};

/// The entries of a conversation.
pub(super) struct Entries<'a>(pub(super) &'a Storage);

/// Which reply an entry repeats, and where to look for one that is repeated.
pub(super) const REPEATS: &str = "ALTER TABLE entry ADD COLUMN repeat_of INTEGER;
    CREATE INDEX entry_first ON entry (at_ms) WHERE direction = 'reply' AND repeat_of IS NULL";

/// How long after a reply the same bytes count as another try of it, in milliseconds: 15 minutes. Our
/// choice: for as long the vendor's nearest sibling API tries. No page says that this one does.
const REPEAT_WINDOW_MS: u64 = 15 * 60_000;

/// The size from which a page is full, whatever its limit: an isolate has 128 MB for everything.
const MAX_PAGE_BYTES: u64 = 4_000_000;

/// Where the words of an entry are: what is kept to be read, and behind it what is to be sent, with
/// all that is personal. One row for both could pass the platform's 2 MB.
pub(super) const fn transcript_id(seq: u64) -> u64 {
    2 * seq
}

/// See [`transcript_id`].
pub(super) const fn body_id(seq: u64) -> u64 {
    2 * seq + 1
}

#[derive(Deserialize)]
struct Number {
    seq: u64,
}

#[derive(Deserialize)]
struct Newest {
    seq: Option<u64>,
}

impl Entries<'_> {
    /// Adds one, and answers its number. `done_ms` is since when it is only kept to be read: not
    /// yet, while an event is on its way.
    pub(super) fn add(
        &self,
        direction: Direction,
        transcript: &str,
        now_ms: u64,
        done_ms: Option<u64>,
    ) -> Result<u64> {
        let row: Option<Number> = self.0.row(
            "INSERT INTO entry (at_ms, direction, done_ms) VALUES (?, ?, ?) RETURNING seq",
            vec![integer(now_ms), direction.name().into(), done_ms.map(integer).into()],
        )?;
        let seq = row.map(|row| row.seq).ok_or_else(|| Error::RustError("an entry got no number".into()))?;
        Words(self.0).add(transcript_id(seq), transcript)?;
        Ok(seq)
    }

    /// The reply that this one repeats. They are compared as they are: a digest would outlive the words
    /// that it tells of.
    pub(super) fn first(&self, reply: &str, now_ms: u64) -> Result<Option<u64>> {
        let first: Option<Number> = self.0.row(
            "SELECT seq FROM entry JOIN words ON id = 2 * seq
             WHERE direction = 'reply' AND repeat_of IS NULL AND at_ms >= ? AND text = ?
             ORDER BY seq LIMIT 1",
            vec![integer(now_ms.saturating_sub(REPEAT_WINDOW_MS)), reply.into()],
        )?;
        Ok(first.map(|row| row.seq))
    }

    /// Marks an entry as a repeat.
    pub(super) fn repeats(&self, seq: u64, first: u64) -> Result<()> {
        let repeats = "UPDATE entry SET repeat_of = ? WHERE seq = ?";
        self.0.run(repeats, vec![integer(first), integer(seq)])
    }

    /// The number that was given last, to an entry or to a change.
    pub(super) fn last(&self) -> Result<u64> {
        let last: Option<Number> =
            self.0.row("SELECT seq FROM sqlite_sequence WHERE name = 'entry'", vec![])?;
        last.map(|row| row.seq).ok_or_else(|| Error::RustError("an entry got no number".into()))
    }

    /// The number of the newest, where there is one.
    pub(super) fn newest(&self) -> Result<Option<u64>> {
        let newest: Option<Newest> = self.0.row("SELECT max(seq) AS seq FROM entry", vec![])?;
        Ok(newest.and_then(|row| row.seq))
    }

    /// As many entries as are asked for, or as fit: at least one, where there is one.
    pub(super) fn slice(&self, range: &Range) -> Result<Slice> {
        let rows: Vec<Row> = self.0.rows(
            "SELECT page.seq, at_ms, direction, text AS body, state, repeat_of FROM (
                SELECT *, sum(length(text)) OVER (ORDER BY seq) - length(text) AS before
                FROM (SELECT * FROM entry JOIN words ON id = 2 * seq WHERE seq > ? ORDER BY seq LIMIT ?)
             ) AS page LEFT JOIN delivery USING (seq) WHERE before < ? ORDER BY page.seq",
            vec![integer(range.after), integer(range.limit), integer(MAX_PAGE_BYTES)],
        )?;
        let last = rows.last().map_or(range.after, |row| row.seq);
        let more = self.newest()?.is_some_and(|seq| seq > last);
        Ok(Slice { rows, more })
    }
}
