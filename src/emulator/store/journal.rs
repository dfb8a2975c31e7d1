//! The journal: every request to the API and every try of a webhook, byte for byte.

use worker::{Result, SqlStorageValue};

use super::Store;
use crate::emulator::filter::Kind;

/// A body is kept in parts of this size: a value in a row holds at most 2 MB.
const PART_BYTES: usize = 1024 * 1024;

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
    /// The faults that met the request, as JSON.
    pub(in crate::emulator) fault: Option<String>,
}

/// How an entry ends.
#[derive(Default)]
pub(in crate::emulator) struct Ending {
    /// None where there is no answer.
    pub(in crate::emulator) status: Option<u16>,
    pub(in crate::emulator) cause: Option<&'static str>,
    /// When there was an answer, or the connection was closed. None: it is held open.
    pub(in crate::emulator) at_ms: Option<i64>,
    /// When a reply is tried again.
    pub(in crate::emulator) next_ms: Option<i64>,
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
        self.drop_entries_before(seq - self.journal_entries)?;
        Ok(seq)
    }

    /// The agent has this event.
    pub(in crate::emulator) fn mark_processed(&self, seq: i64) -> Result<()> {
        self.run("UPDATE journal SET processed = 1 WHERE seq = ?", vec![seq.into()]).map(drop)
    }

    /// Ends an entry.
    pub(in crate::emulator) fn end_entry(&self, seq: i64, ending: &Ending) -> Result<()> {
        self.run(
            "UPDATE journal SET status = ?, cause = ?, ended_ms = ?, next_ms = ? WHERE seq = ?",
            vec![
                ending.status.map(i64::from).into(),
                ending.cause.into(),
                ending.at_ms.into(),
                ending.next_ms.into(),
                seq.into(),
            ],
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

    fn keep_body(&self, seq: i64, body: &[u8]) -> Result<()> {
        for (part, bytes) in (0_i32..).zip(body.chunks(PART_BYTES)) {
            self.run(
                "INSERT INTO journal_body (seq, part, bytes) VALUES (?, ?, ?)",
                vec![seq.into(), part.into(), SqlStorageValue::Blob(bytes.to_vec())],
            )?;
        }
        Ok(())
    }

    fn drop_entries_before(&self, seq: i64) -> Result<()> {
        self.run("DELETE FROM journal WHERE seq <= ?", vec![seq.into()])?;
        self.run("DELETE FROM journal_body WHERE seq <= ?", vec![seq.into()]).map(drop)
    }
}
