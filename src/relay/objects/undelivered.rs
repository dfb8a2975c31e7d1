//! What has not been delivered, across all conversations: what is parked, and what waits after a failure.
//!
//! One Durable Object, told by the conversations' own. It lists; where an event really stands, its
//! conversation knows. It keeps the name that it was deployed under when it listed what is parked alone.

use serde::Deserialize;
use worker::{DurableObject, Env, Request, Response, Result, State, durable_object};

use super::storage::{Storage, integer};
use super::words::{self, Words};
use crate::relay::event_id::EventId;
use crate::relay::range::Range;
use crate::relay::report::Report;
use crate::relay::request::path_and_query;
use crate::relay::undelivered::{Row, Shelf, Slice, Totals};

/// The customers' id of a conversation stands in `words`, under the number. The rest of the report may
/// change often, and stands beside it; with the first release, all of it stood in `words`.
const MIGRATIONS: &[&[&str]] = &[
    &[
        "CREATE TABLE parked (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE)",
        words::SCHEMA,
    ],
    &[
        "ALTER TABLE parked ADD COLUMN is_waiting INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE parked ADD COLUMN report TEXT",
    ],
];

/// The lists.
#[durable_object(fetch)]
pub struct Parked {
    state: State,
    storage: Storage,
}

#[derive(Deserialize)]
struct Number {
    number: u64,
}

#[derive(Deserialize)]
struct Counts {
    total: u64,
    behind: u64,
}

#[derive(Deserialize)]
struct Stored {
    number: u64,
    words: String,
    report: Option<String>,
}

impl TryFrom<Stored> for Row {
    type Error = serde_json::Error;

    fn try_from(stored: Stored) -> serde_json::Result<Self> {
        let Stored { number, words, report } = stored;
        let mut row = Self { number, report: serde_json::from_str(report.as_deref().unwrap_or(&words))? };
        if report.is_some() {
            row.report.platform_conversation_id = words;
        }
        Ok(row)
    }
}

impl DurableObject for Parked {
    fn new(state: State, _: Env) -> Self {
        let storage = Storage::new(&state, MIGRATIONS);
        Self { state, storage }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let url = request.inner().url();
        let (path, query) = path_and_query(&url);
        match (request.inner().method().as_str(), path) {
            ("PUT", _) => self.put(query, serde_json::from_str(&request.text().await?)?)?,
            ("DELETE", _) => self.remove(query).await?,
            (_, "/totals") => return Response::from_json(&self.totals()?),
            _ => {
                let shelf = if path == Shelf::Waiting.path() { Shelf::Waiting } else { Shelf::Parked };
                return Response::from_json(&self.slice(shelf, &Range::parse(query).unwrap_or_default())?);
            }
        }
        Response::empty()
    }
}

impl Parked {
    /// Lists it, or lists it anew; in its old place as long as it is in the same list.
    fn put(&self, id: &str, mut report: Report) -> Result<()> {
        self.storage.prepare()?;
        let words = std::mem::take(&mut report.platform_conversation_id);
        let is_waiting = u64::from(Shelf::of(&report) == Some(Shelf::Waiting));
        let report = serde_json::to_string(&report)?;
        self.storage.atomically(|| {
            let values = || vec![id.into(), integer(is_waiting), report.as_str().into()];
            let kept: Option<Number> = self.storage.row(
                "UPDATE parked SET report = ?3 WHERE id = ?1 AND is_waiting = ?2 AND report IS NOT NULL
                 RETURNING number",
                values(),
            )?;
            if kept.is_some() {
                return Ok(());
            }
            self.strike(id)?;
            let added: Option<Number> = self.storage.row(
                "INSERT INTO parked (id, is_waiting, report) VALUES (?, ?, ?) RETURNING number",
                values(),
            )?;
            added.map_or(Ok(()), |row| Words(&self.storage).add(row.number, &words))
        })
    }

    async fn remove(&self, id: &str) -> Result<()> {
        if !self.storage.is_used()? {
            return Ok(());
        }
        self.storage.prepare()?;
        self.storage.atomically(|| self.strike(id))?;
        // With the last one goes the file.
        let left: Option<Number> = self.storage.row("SELECT number FROM parked LIMIT 1", vec![])?;
        if left.is_none() {
            self.storage.start_over(&self.state).await?;
        }
        Ok(())
    }

    fn strike(&self, id: &str) -> Result<()> {
        Words(&self.storage).overwrite("SELECT number FROM parked WHERE id = ?", vec![id.into()])?;
        self.storage.run("DELETE FROM parked WHERE id = ?", vec![id.into()])
    }

    fn counts(&self, shelf: Shelf, behind: u64) -> Result<Counts> {
        let counts = self.storage.row(
            "SELECT count(*) AS total, count(*) FILTER (WHERE number > ?) AS behind FROM parked
             WHERE is_waiting = ?",
            vec![integer(behind), integer(u64::from(shelf == Shelf::Waiting))],
        )?;
        Ok(counts.unwrap_or(Counts { total: 0, behind: 0 }))
    }

    fn totals(&self) -> Result<Totals> {
        if !self.storage.is_used()? {
            return Ok(Totals::default());
        }
        self.storage.prepare()?;
        let total = |shelf| self.counts(shelf, 0).map(|counts| counts.total);
        Ok(Totals { parked: total(Shelf::Parked)?, waiting: total(Shelf::Waiting)? })
    }

    fn slice(&self, shelf: Shelf, range: &Range) -> Result<Slice> {
        if !self.storage.is_used()? {
            return Ok(Slice::default());
        }
        self.storage.prepare()?;
        let rows: Vec<Stored> = self.storage.rows(
            "SELECT number, text AS words, report FROM parked JOIN words ON words.id = number
             WHERE number > ? AND is_waiting = ? ORDER BY number LIMIT ?",
            vec![integer(range.after), integer(u64::from(shelf == Shelf::Waiting)), integer(range.limit)],
        )?;
        let counts = self.counts(shelf, rows.last().map_or(range.after, |row| row.number))?;
        let rows = rows.into_iter().map(Row::try_from).collect::<serde_json::Result<_>>()?;
        Ok(Slice { rows, total: counts.total, more: counts.behind })
    }
}

/// Lists a delivery.
pub(super) async fn list(env: &Env, id: &EventId, report: &str) -> Result<()> {
    super::Object::undelivered(env).call("PUT", &format!("/?{id}"), Some(report)).await.map(drop)
}

/// Lists it no more.
pub(super) async fn strike(env: &Env, id: &EventId) -> Result<()> {
    super::Object::undelivered(env).call("DELETE", &format!("/?{id}"), None).await.map(drop)
}

/// A part of a list.
pub(in crate::relay) async fn slice(env: &Env, shelf: Shelf, range: Range) -> Result<Slice> {
    let path = format!("{}?{}", shelf.path(), range.query());
    super::Object::undelivered(env).ask("GET", &path, None).await
}

/// How many are in each list.
pub(in crate::relay) async fn totals(env: &Env) -> Result<Totals> {
    super::Object::undelivered(env).ask("GET", "/totals", None).await
}
