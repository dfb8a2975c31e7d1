//! What is parked, across all conversations.
//!
//! One Durable Object, told by the conversations' own. It lists; where an event really stands, its
//! conversation knows.

use serde::Deserialize;
use worker::{DurableObject, Env, Request, Response, Result, State, durable_object};

use super::storage::{Storage, integer};
use super::words::{self, Words};
use crate::relay::event_id::EventId;
use crate::relay::http::path_and_query;
use crate::relay::parked::{Row, Slice};
use crate::relay::range::Range;

/// A report holds the customers' id of a conversation, so it stands in `words`, under the number.
const MIGRATIONS: &[&[&str]] = &[&[
    "CREATE TABLE parked (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE)",
    words::SCHEMA,
]];

/// The list.
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

impl DurableObject for Parked {
    fn new(state: State, _: Env) -> Self {
        let storage = Storage::new(&state, MIGRATIONS);
        Self { state, storage }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let url = request.inner().url();
        let (_, query) = path_and_query(&url);
        match request.inner().method().as_str() {
            "PUT" => self.add(query, &request.text().await?)?,
            "DELETE" => self.remove(query).await?,
            _ => return Response::from_json(&self.slice(&Range::parse(query).unwrap_or_default())?),
        }
        Response::empty()
    }
}

impl Parked {
    fn add(&self, id: &str, report: &str) -> Result<()> {
        self.storage.prepare()?;
        self.storage.atomically(|| {
            self.strike(id)?;
            let added: Option<Number> =
                self.storage.row("INSERT INTO parked (id) VALUES (?) RETURNING number", vec![id.into()])?;
            added.map_or(Ok(()), |row| Words(&self.storage).add(row.number, report))
        })
    }

    async fn remove(&self, id: &str) -> Result<()> {
        if !self.storage.is_used()? {
            return Ok(());
        }
        self.storage.prepare()?;
        self.storage.atomically(|| self.strike(id))?;
        // With the last one goes the file.
        if self.counts(0)?.is_none_or(|counts| counts.total == 0) {
            self.storage.start_over(&self.state).await?;
        }
        Ok(())
    }

    fn strike(&self, id: &str) -> Result<()> {
        Words(&self.storage).overwrite("SELECT number FROM parked WHERE id = ?", vec![id.into()])?;
        self.storage.run("DELETE FROM parked WHERE id = ?", vec![id.into()])
    }

    fn counts(&self, behind: u64) -> Result<Option<Counts>> {
        self.storage.row(
            "SELECT count(*) AS total, count(*) FILTER (WHERE number > ?) AS behind FROM parked",
            vec![integer(behind)],
        )
    }

    fn slice(&self, range: &Range) -> Result<Slice> {
        if !self.storage.is_used()? {
            return Ok(Slice::default());
        }
        let rows: Vec<Row> = self.storage.rows(
            "SELECT number, text AS report FROM parked JOIN words ON words.id = number
             WHERE number > ? ORDER BY number LIMIT ?",
            vec![integer(range.after), integer(range.limit)],
        )?;
        let last = rows.last().map_or(range.after, Row::number);
        let (total, more) = self.counts(last)?.map_or((0, 0), |counts| (counts.total, counts.behind));
        Ok(Slice { rows, total, more })
    }
}

/// Lists an event.
pub(super) async fn list(env: &Env, id: &EventId, report: &str) -> Result<()> {
    super::Object::parked(env)?.call("PUT", &format!("/?{id}"), Some(report)).await.map(drop)
}

/// Lists it no more.
pub(super) async fn strike(env: &Env, id: &EventId) -> Result<()> {
    super::Object::parked(env)?.call("DELETE", &format!("/?{id}"), None).await.map(drop)
}

/// A part of the list.
pub(in crate::relay) async fn slice(env: &Env, range: Range) -> Result<Slice> {
    super::Object::parked(env)?.call("GET", &format!("/?{}", range.query()), None).await?.json().await
}
