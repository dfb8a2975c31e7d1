//! The orders for faults that are still to come.

use serde::Serialize;
use serde_json::Value;
use worker::Result;

use super::Store;
use super::rows::Row;
use crate::emulator::fault::Faults;
use crate::emulator::order::{Order, Times};

/// An order as it is listed.
#[derive(Serialize)]
pub(in crate::emulator) struct Pending {
    id: i64,
    fault: Value,
    times: Times,
    used: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    chance: Option<f64>,
    conversation: Option<String>,
}

/// An order that may meet a request.
struct Candidate {
    id: i64,
    faults: Faults,
    chance: Option<f64>,
}

impl Store {
    pub(in crate::emulator) fn add_fault(&self, order: &Order) -> Result<Option<Pending>> {
        let times = match order.times {
            Times::Next(count) => Some(i64::from(count)),
            Times::Always => None,
        };
        let added = self.find(
            "INSERT INTO fault (fault, times, conversation, chance) VALUES (?, ?, ?, ?)
             RETURNING id, fault, times, used, chance, conversation",
            vec![
                serde_json::to_string(&order.faults)?.into(),
                times.into(),
                order.conversation.as_deref().into(),
                order.chance.into(),
            ],
        )?;
        added.map(pending).transpose()
    }

    pub(in crate::emulator) fn faults(&self) -> Result<Vec<Pending>> {
        let rows =
            self.run("SELECT id, fault, times, used, chance, conversation FROM fault ORDER BY id", vec![])?;
        rows.into_iter().map(pending).collect()
    }

    pub(in crate::emulator) fn clear_faults(&self) -> Result<()> {
        self.run("DELETE FROM fault", vec![]).map(drop)
    }

    /// The faults that meet a request of this conversation: those of the oldest order whose chance
    /// comes true, which is thereby used up by one time.
    pub(in crate::emulator) fn take_fault(&self, conversation: Option<&str>) -> Result<Option<Faults>> {
        let mut last = 0;
        while let Some(order) = self.order_after(last, conversation)? {
            if order.chance.map_or(Ok(true), |chance| self.hits(chance))? {
                self.use_up(order.id)?;
                return Ok(Some(order.faults));
            }
            last = order.id;
        }
        Ok(None)
    }

    /// Two looks into the index, each of one step: there may be thousands of orders.
    fn order_after(&self, id: i64, conversation: Option<&str>) -> Result<Option<Candidate>> {
        let found = self.find(
            "SELECT id, fault, chance FROM fault WHERE id = (
               SELECT MIN(id) FROM (
                 SELECT MIN(id) AS id FROM fault WHERE conversation IS NULL AND id > ?1
                 UNION ALL
                 SELECT MIN(id) FROM fault WHERE conversation = ?2 AND id > ?1
               )
             )",
            vec![id.into(), conversation.into()],
        )?;
        found.map(candidate).transpose()
    }

    fn use_up(&self, id: i64) -> Result<()> {
        self.run("UPDATE fault SET used = used + 1 WHERE id = ?", vec![id.into()])?;
        self.run("DELETE FROM fault WHERE id = ? AND used >= times", vec![id.into()]).map(drop)
    }
}

fn candidate(mut row: Row) -> Result<Candidate> {
    Ok(Candidate {
        id: row.number()?,
        faults: serde_json::from_str(&row.text()?)?,
        chance: row.optional_fraction()?,
    })
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
        chance: row.optional_fraction()?,
        conversation: row.optional_text()?,
    })
}
