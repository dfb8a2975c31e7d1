//! A page of the journal.

use std::collections::HashMap;

use base64ct::{Base64, Encoding};
use serde::Serialize;
use serde_json::Value;
use worker::{Result, SqlStorageValue};

use super::Store;
use super::rows::Row;
use crate::emulator::filter::{Filter, Kind};

/// How many entries one look shows unless asked for fewer or more, and how many at most.
const DEFAULT_LIMIT: i64 = 1_000;
const MAX_LIMIT: i64 = 10_000;

/// How many bytes of bodies one look shows before it says that there is more.
const MAX_SHOWN_BYTES: i64 = 16 * 1024 * 1024;

/// The answer to a look into the journal.
#[derive(Serialize)]
pub(in crate::emulator) struct Page {
    entries: Vec<Entry>,
    /// Whether there are more, to be had with `after` set to the last `seq`.
    pub(in crate::emulator) more: bool,
}

/// An entry as it is shown.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    seq: i64,
    at: i64,
    /// When there was an answer, or the connection was closed instead.
    ended_at: Option<i64>,
    kind: String,
    method: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    headers: Value,
    /// Text where the bytes are UTF-8.
    body: Option<String>,
    body_base64: String,
    conversation: Option<String>,
    #[serde(rename = "try", skip_serializing_if = "Option::is_none")]
    number: Option<i64>,
    /// None: not answered, or not yet.
    status: Option<i64>,
    cause: Option<String>,
    /// Whether the agent has the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    processed: Option<bool>,
    fault_applied: Option<Value>,
    /// When a reply is tried again.
    next_at: Option<i64>,
}

impl Page {
    /// One entry a line.
    pub(in crate::emulator) fn lines(&self) -> Result<String> {
        let mut lines = String::new();
        for entry in &self.entries {
            lines.push_str(&serde_json::to_string(entry)?);
            lines.push('\n');
        }
        Ok(lines)
    }
}

/// Which entries: a condition of SQL, and its values. Only what is asked for stands in it, so that
/// there is an index for each.
struct Condition {
    sql: String,
    values: Vec<SqlStorageValue>,
}

impl Condition {
    fn of(filter: &Filter) -> Self {
        let mut sql = "seq > ?".to_owned();
        let mut values = vec![filter.after.unwrap_or(0).into()];
        if let Some(conversation) = &filter.conversation {
            sql.push_str(" AND conversation = ?");
            values.push(conversation.as_str().into());
        }
        match filter.kind {
            // Spelled out: an index of a part of the table is not used for a value to be bound.
            Some(Kind::Event) => sql.push_str(" AND kind = 'event'"),
            Some(Kind::Webhook) => sql.push_str(" AND kind = 'webhook'"),
            None => {}
        }
        Self { sql, values }
    }

    fn and(&self, value: i64) -> Vec<SqlStorageValue> {
        let mut values = self.values.clone();
        values.push(value.into());
        values
    }
}

impl Store {
    /// The entries that pass the filter, the oldest first.
    pub(in crate::emulator) fn entries(&self, filter: &Filter) -> Result<Page> {
        let condition = Condition::of(filter);
        let limit = filter.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
        let (last, more) = self.end_of_page(&condition, limit)?;
        let mut bodies = self.bodies(&condition, last)?;
        let rows = self.run(
            &format!(
                "SELECT seq, at_ms, ended_ms, kind, method, target, headers, conversation, try, status, cause,
                   processed, fault, next_ms
                 FROM journal WHERE {} AND seq <= ? ORDER BY seq",
                condition.sql
            ),
            condition.and(last),
        )?;
        let entries = rows.into_iter().map(|row| entry(row, &mut bodies)).collect::<Result<_>>()?;
        Ok(Page { entries, more })
    }

    /// The number of the last entry that the page has room for, and whether there are more.
    fn end_of_page(&self, condition: &Condition, limit: i64) -> Result<(i64, bool)> {
        let sizes = self.run(
            &format!("SELECT seq, body_bytes FROM journal WHERE {} ORDER BY seq LIMIT ?", condition.sql),
            condition.and(limit + 1),
        )?;
        let (mut last, mut shown, mut shown_bytes) = (0, 0, 0);
        for mut row in sizes {
            if shown == limit || shown_bytes > MAX_SHOWN_BYTES {
                return Ok((last, true));
            }
            last = row.number()?;
            shown += 1;
            shown_bytes += row.number()?;
        }
        Ok((last, false))
    }

    /// The bodies of a page, by the number of their entry.
    fn bodies(&self, condition: &Condition, last: i64) -> Result<HashMap<i64, Vec<u8>>> {
        let parts = self.run(
            &format!(
                "SELECT seq, bytes FROM journal_body
                 WHERE seq IN (SELECT seq FROM journal WHERE {} AND seq <= ?) ORDER BY seq, part",
                condition.sql
            ),
            condition.and(last),
        )?;
        let mut bodies: HashMap<_, Vec<_>> = HashMap::new();
        for mut part in parts {
            bodies.entry(part.number()?).or_default().extend(part.bytes()?);
        }
        Ok(bodies)
    }
}

fn entry(mut row: Row, bodies: &mut HashMap<i64, Vec<u8>>) -> Result<Entry> {
    let seq = row.number()?;
    let body = bodies.remove(&seq).unwrap_or_default();
    let at = row.number()?;
    let ended_at = row.optional_number()?;
    let kind = row.text()?;
    let is_event = kind == Kind::Event.name();
    let method = row.text()?;
    let target = row.text()?;
    let (path, url) = if is_event { (Some(target), None) } else { (None, Some(target)) };
    Ok(Entry {
        seq,
        at,
        ended_at,
        kind,
        method,
        path,
        url,
        headers: serde_json::from_str(&row.text()?)?,
        body_base64: Base64::encode_string(&body),
        body: String::from_utf8(body).ok(),
        conversation: row.optional_text()?,
        number: row.optional_number()?,
        status: row.optional_number()?,
        cause: row.optional_text()?,
        processed: Some(row.number()? != 0).filter(|_| is_event),
        fault_applied: row.optional_text()?.map(|fault| serde_json::from_str(&fault)).transpose()?,
        next_at: row.optional_number()?,
    })
}
