//! The transcript's rows, in SQLite.

use serde::Deserialize;
use worker::Result;

use crate::relay::objects::storage::{Storage, integer};
use crate::relay::range::Range;
use crate::relay::transcript::{Direction, Row, Slice};

/// The entries of a conversation.
pub(super) struct Entries<'a>(pub(super) &'a Storage);

/// The size from which a page is full, whatever its limit: an isolate has 128 MB for everything.
const MAX_PAGE_BYTES: u64 = 4_000_000;

#[derive(Deserialize)]
struct Newest {
    seq: Option<u64>,
}

impl Entries<'_> {
    /// Stores what has passed already: a reply, or an event that the API has.
    pub(super) fn add(&self, direction: Direction, body: &str, now_ms: u64) -> Result<()> {
        self.0.run(
            "INSERT INTO entry (at_ms, done_ms, direction, body) VALUES (?1, ?1, ?2, ?3)",
            vec![integer(now_ms), direction.name().into(), body.into()],
        )
    }

    /// As many entries as are asked for, or as fit: at least one, where there is one.
    pub(super) fn slice(&self, range: &Range) -> Result<Slice> {
        let rows: Vec<Row> = self.0.rows(
            "SELECT seq, at_ms, direction, body, (SELECT state FROM delivery WHERE delivery.seq = page.seq) AS state
             FROM (
                SELECT *, sum(length(body)) OVER (ORDER BY seq) - length(body) AS before
                FROM (SELECT * FROM entry WHERE seq > ? ORDER BY seq LIMIT ?)
             ) AS page WHERE before < ? ORDER BY seq",
            vec![integer(range.after), integer(range.limit), integer(MAX_PAGE_BYTES)],
        )?;
        let last = rows.last().map_or(range.after, Row::seq);
        let newest = self.0.rows::<Newest>("SELECT max(seq) AS seq FROM entry", vec![])?;
        let more = newest.first().and_then(|row| row.seq).is_some_and(|seq| seq > last);
        Ok(Slice { rows, more })
    }
}
