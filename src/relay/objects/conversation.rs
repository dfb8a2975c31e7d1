//! The Durable Object that keeps one conversation.
//!
//! Spoken to by the Worker alone, in three calls: `POST /event` and `POST /reply` store their body,
//! `GET /?after=…&limit=…` answers a slice. Everything lives in SQLite. Entries older than the
//! retention are deleted by an alarm, which is set anew at every write and every firing, so that
//! no abandoned alarm can leave one behind.

use serde::Deserialize;
use worker::{Date, DurableObject, Env, Request, Response, Result, State, durable_object};

use super::storage::{Storage, integer};
use crate::relay::http::path_and_query;
use crate::relay::transcript::{Direction, Range, Row, Slice};

const MIGRATIONS: &[&str] = &["CREATE TABLE entry (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('event', 'reply')),
    body TEXT NOT NULL
)"];

/// One conversation.
#[durable_object(alarm)]
pub struct Conversation {
    state: State,
    storage: Storage,
    retention_ms: u64,
}

/// The size from which a page is full, whatever its limit: an isolate has 128 MB for everything.
const MAX_PAGE_BYTES: u64 = 4_000_000;

#[derive(Deserialize)]
struct Newest {
    seq: Option<u64>,
}

#[derive(Deserialize)]
struct Oldest {
    at_ms: Option<u64>,
}

impl DurableObject for Conversation {
    fn new(state: State, env: Env) -> Self {
        let storage = Storage::new(&state, MIGRATIONS);
        Self { state, storage, retention_ms: crate::relay::config(&env).retention_ms }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let url = request.inner().url();
        let (path, query) = path_and_query(&url);
        match path {
            "/event" => self.store(Direction::Event, request.text().await?).await,
            "/reply" => self.store(Direction::Reply, request.text().await?).await,
            _ => Response::from_json(&self.slice(&Range::parse(query).unwrap_or_default())?),
        }
    }

    async fn alarm(&self) -> Result<Response> {
        let expired = Date::now().as_millis().saturating_sub(self.retention_ms);
        if self.storage.is_used()? {
            self.storage.run("DELETE FROM entry WHERE at_ms <= ?", vec![integer(expired)])?;
            self.arm().await?;
        }
        Response::empty()
    }
}

impl Conversation {
    /// Stores an entry and sets the alarm in one turn of the event loop, which the platform writes
    /// as one transaction before the answer leaves.
    async fn store(&self, direction: Direction, body: String) -> Result<Response> {
        self.storage.prepare()?;
        let values = vec![integer(Date::now().as_millis()), direction.name().into(), body.into()];
        self.storage.run("INSERT INTO entry (at_ms, direction, body) VALUES (?, ?, ?)", values)?;
        self.arm().await?;
        Response::empty()
    }

    /// Sets the alarm to when the oldest entry expires. The table stays when its last entry goes:
    /// a number that a caller has seen must never be given again.
    async fn arm(&self) -> Result<()> {
        let oldest = self.storage.rows::<Oldest>("SELECT min(at_ms) AS at_ms FROM entry", vec![])?;
        let storage = self.state.storage();
        match oldest.first().and_then(|row| row.at_ms) {
            Some(at_ms) => {
                let wait_ms = (at_ms + self.retention_ms).saturating_sub(Date::now().as_millis());
                storage.set_alarm(i64::try_from(wait_ms).unwrap_or(i64::MAX)).await
            }
            None => storage.delete_alarm().await,
        }
    }

    /// As many entries as are asked for, or as fit: at least one, where there is one.
    fn slice(&self, range: &Range) -> Result<Slice> {
        if !self.storage.is_used()? {
            return Ok(Slice::default());
        }
        let rows: Vec<Row> = self.storage.rows(
            "SELECT seq, at_ms, direction, body FROM (
                SELECT *, sum(length(body)) OVER (ORDER BY seq) - length(body) AS before
                FROM (SELECT * FROM entry WHERE seq > ? ORDER BY seq LIMIT ?)
             ) WHERE before < ? ORDER BY seq",
            vec![integer(range.after), integer(range.limit), integer(MAX_PAGE_BYTES)],
        )?;
        let last = rows.last().map_or(range.after, |row| row.seq());
        let newest = self.storage.rows::<Newest>("SELECT max(seq) AS seq FROM entry", vec![])?;
        let more = newest.first().and_then(|row| row.seq).is_some_and(|seq| seq > last);
        Ok(Slice { rows, more })
    }
}
