//! The faults that are still to come.

use serde::Serialize;
use serde_json::Value;
use worker::Result;

use super::Store;
use super::rows::Row;
use crate::emulator::fault::{Fault, Order, Times};

/// A fault as it is listed.
#[derive(Serialize)]
pub(in crate::emulator) struct Pending {
    id: i64,
    fault: Value,
    times: Times,
    used: i64,
    conversation: Option<String>,
}

impl Store {
    pub(in crate::emulator) fn add_fault(&self, order: &Order) -> Result<Option<Pending>> {
        let times = match order.times {
            Times::Next(count) => Some(i64::from(count)),
            Times::Always => None,
        };
        let added = self.find(
            "INSERT INTO fault (fault, times, conversation) VALUES (?, ?, ?)
             RETURNING id, fault, times, used, conversation",
            vec![
                serde_json::to_string(&order.fault)?.into(),
                times.into(),
                order.conversation.as_deref().into(),
            ],
        )?;
        added.map(pending).transpose()
    }

    pub(in crate::emulator) fn faults(&self) -> Result<Vec<Pending>> {
        let rows = self.run("SELECT id, fault, times, used, conversation FROM fault ORDER BY id", vec![])?;
        rows.into_iter().map(pending).collect()
    }

    pub(in crate::emulator) fn clear_faults(&self) -> Result<()> {
        self.run("DELETE FROM fault", vec![]).map(drop)
    }

    /// The fault that meets a request of this conversation, which is thereby one time less.
    pub(in crate::emulator) fn take_fault(&self, conversation: Option<&str>) -> Result<Option<Fault>> {
        let taken = self.find(
            "UPDATE fault SET used = used + 1 WHERE id = (
               SELECT MIN(id) FROM fault WHERE conversation IS NULL OR conversation = ?
             ) RETURNING fault",
            vec![conversation.into()],
        )?;
        let Some(mut row) = taken else {
            return Ok(None);
        };
        self.run("DELETE FROM fault WHERE used >= times", vec![])?;
        Ok(Some(serde_json::from_str(&row.text()?)?))
    }
}

fn pending(mut row: Row) -> Result<Pending> {
    Ok(Pending {
        id: row.number()?,
        fault: serde_json::from_str(&row.text()?)?,
        times: match row.optional_number()? {
            Some(count) => Times::Next(u32::try_from(count).unwrap_or(u32::MAX)),
            None => Times::Always,
        },
        used: row.number()?,
        conversation: row.optional_text()?,
    })
}
