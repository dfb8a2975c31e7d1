//! The journal: every request to the API and every try of a webhook, byte for byte.

use base64::prelude::{BASE64_STANDARD, Engine};
use serde::Serialize;
use serde_json::Value;
use worker::{Result, SqlStorageValue};

use super::Store;
use super::rows::Row;

/// How many entries are kept: the newest.
const MAX_ENTRIES: i64 = 10_000;

/// How many entries one look shows unless asked for fewer or more.
const DEFAULT_LIMIT: i64 = 1_000;

/// How many bytes of bodies one look shows before it says that there is more.
const MAX_SHOWN_BYTES: i64 = 16 * 1024 * 1024;

/// A body is kept in parts of this size: a value in a row holds at most 2 MB.
const PART_BYTES: usize = 1024 * 1024;

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::emulator) enum Kind {
    Event,
    Webhook,
}

impl Kind {
    pub(in crate::emulator) const fn name(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Webhook => "webhook",
        }
    }
}

/// An entry as it begins, before there is an answer.
pub(in crate::emulator) struct Arrival<'a> {
    pub(in crate::emulator) at_ms: i64,
    pub(in crate::emulator) kind: Kind,
    pub(in crate::emulator) method: &'a str,
    /// The path of a request, the URL of a webhook.
    pub(in crate::emulator) target: &'a str,
    /// A JSON object.
    pub(in crate::emulator) headers: String,
    pub(in crate::emulator) body: &'a [u8],
    pub(in crate::emulator) conversation: Option<&'a str>,
    /// The number of the try, of a webhook.
    pub(in crate::emulator) number: Option<u32>,
    /// The fault that met the request, as JSON.
    pub(in crate::emulator) fault: Option<String>,
}

/// Which entries to show.
#[derive(Default)]
pub(in crate::emulator) struct Filter {
    pub(in crate::emulator) conversation: Option<String>,
    pub(in crate::emulator) kind: Option<Kind>,
    pub(in crate::emulator) after: Option<i64>,
    pub(in crate::emulator) limit: Option<i64>,
}

/// The answer to a look into the journal.
#[derive(Serialize)]
pub(in crate::emulator) struct Page {
    entries: Vec<Entry>,
    /// Whether there are more, to be had with `after` set to the last `seq`.
    more: bool,
}

/// An entry as it is shown.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    seq: i64,
    at: i64,
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
    fault_applied: Option<Value>,
    /// When a reply is tried again.
    next_at: Option<i64>,
}

impl Store {
    /// Begins an entry, and gives its number.
    pub(in crate::emulator) fn begin_entry(&self, arrival: Arrival<'_>) -> Result<i64> {
        let bytes = i64::try_from(arrival.body.len()).unwrap_or(i64::MAX);
        let row = self.find(
            "INSERT INTO journal (at_ms, kind, method, target, headers, body_bytes, conversation, try, fault)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq",
            vec![
                arrival.at_ms.into(),
                arrival.kind.name().into(),
                arrival.method.into(),
                arrival.target.into(),
                arrival.headers.into(),
                bytes.into(),
                arrival.conversation.into(),
                arrival.number.map(i64::from).into(),
                arrival.fault.into(),
            ],
        )?;
        let seq = row.map_or(Ok(0), |mut row| row.number())?;
        self.keep_body(seq, arrival.body)?;
        self.drop_entries_before(seq - MAX_ENTRIES)?;
        Ok(seq)
    }

    /// Ends an entry.
    pub(in crate::emulator) fn end_entry(
        &self,
        seq: i64,
        status: Option<u16>,
        cause: Option<&str>,
        next_ms: Option<i64>,
    ) -> Result<()> {
        self.run(
            "UPDATE journal SET status = ?, cause = ?, next_ms = ? WHERE seq = ?",
            vec![status.map(i64::from).into(), cause.into(), next_ms.into(), seq.into()],
        )
        .map(drop)
    }

    /// Whether this entry is still there: a reset may have come in between.
    pub(in crate::emulator) fn has_entry(&self, seq: i64) -> Result<bool> {
        self.find("SELECT seq FROM journal WHERE seq = ?", vec![seq.into()]).map(|row| row.is_some())
    }

    /// What had no end before this start will have none.
    pub(super) fn close_entries(&self) -> Result<()> {
        self.run("UPDATE journal SET cause = 'interrupted' WHERE status IS NULL AND cause IS NULL", vec![])
            .map(drop)
    }

    /// The entries that pass the filter, the oldest first.
    pub(in crate::emulator) fn entries(&self, filter: Filter) -> Result<Page> {
        let limit = filter.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_ENTRIES);
        let mut rows = self
            .run(
                "SELECT seq, body_bytes, at_ms, kind, method, target, headers, conversation, try, status, cause, fault, next_ms
                 FROM journal
                 WHERE seq > ?1 AND (?2 IS NULL OR conversation = ?2) AND (?3 IS NULL OR kind = ?3)
                 ORDER BY seq LIMIT ?4",
                vec![
                    filter.after.unwrap_or(0).into(),
                    filter.conversation.into(),
                    filter.kind.map(Kind::name).into(),
                    (limit + 1).into(),
                ],
            )?
            .into_iter();
        let mut entries = Vec::new();
        let mut shown_bytes = 0;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = loop {
            let Some(row) = rows.next() else { break false };
            if entries.len() == limit || shown_bytes > MAX_SHOWN_BYTES {
                break true;
            }
            entries.push(self.entry(row, &mut shown_bytes)?);
        };
        Ok(Page { entries, more })
    }

    fn entry(&self, mut row: Row, shown_bytes: &mut i64) -> Result<Entry> {
        let seq = row.number()?;
        *shown_bytes += row.number()?;
        let body = self.body(seq)?;
        let at = row.number()?;
        let kind = row.text()?;
        let method = row.text()?;
        let target = row.text()?;
        let (path, url) =
            if kind == Kind::Event.name() { (Some(target), None) } else { (None, Some(target)) };
        Ok(Entry {
            seq,
            at,
            kind,
            method,
            path,
            url,
            headers: serde_json::from_str(&row.text()?)?,
            body_base64: BASE64_STANDARD.encode(&body),
            body: String::from_utf8(body).ok(),
            conversation: row.optional_text()?,
            number: row.optional_number()?,
            status: row.optional_number()?,
            cause: row.optional_text()?,
            fault_applied: row.optional_text()?.map(|fault| serde_json::from_str(&fault)).transpose()?,
            next_at: row.optional_number()?,
        })
    }

    fn keep_body(&self, seq: i64, body: &[u8]) -> Result<()> {
        for (part, bytes) in (0_i32..).zip(body.chunks(PART_BYTES)) {
            self.run(
                "INSERT INTO journal_body (seq, part, bytes) VALUES (?, ?, ?)",
                vec![seq.into(), part.into(), SqlStorageValue::Blob(bytes.to_vec())],
            )?;
        }
        Ok(())
    }

    fn body(&self, seq: i64) -> Result<Vec<u8>> {
        let parts =
            self.run("SELECT bytes FROM journal_body WHERE seq = ? ORDER BY part", vec![seq.into()])?;
        let mut body = Vec::new();
        for mut part in parts {
            body.extend(part.bytes()?);
        }
        Ok(body)
    }

    fn drop_entries_before(&self, seq: i64) -> Result<()> {
        self.run("DELETE FROM journal WHERE seq <= ?", vec![seq.into()])?;
        self.run("DELETE FROM journal_body WHERE seq <= ?", vec![seq.into()]).map(drop)
    }
}
