//! Telling the lists of what has not been delivered.
//!
//! A notice is a row like any other: written in the turn in which a try has failed, an event is parked, or
//! is neither any more, and taken away once the list has been told. It says that something has changed; what is
//! told is how the event stands then. So the list becomes true however often either side stops.

use serde::Deserialize;
use worker::Result;

use super::identity::Identity;
use super::{Instance, now_ms};
use crate::outbox::{Delivery, State};
use crate::relay::event_id::EventId;
use crate::relay::objects::storage::{Storage, integer};
use crate::relay::objects::undelivered;
use crate::relay::report::Report;
use crate::relay::undelivered::Shelf;

/// The notices. Each change gets a number of its own: one that comes while an older one is being
/// told is not taken away with it.
pub(super) const SCHEMA: &str = "CREATE TABLE notice (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    object TEXT NOT NULL,
    seq INTEGER NOT NULL UNIQUE,
    due_ms INTEGER NOT NULL
)";

/// How long to wait before the list is told again, where it did not hear, in milliseconds.
pub(super) const RETRY_MS: u64 = 30_000;

#[derive(Deserialize)]
struct Notice {
    number: u64,
    object: String,
    seq: u64,
}

/// Which deliveries have changed.
pub(super) enum Changed {
    /// The one of this number.
    One(u64),
    /// All that were parked before this time.
    ParkedUntil(u64),
    /// All that have not been delivered.
    Undelivered,
}

impl Changed {
    /// What the lists are to hear of how a delivery stands now, and since when: a failure, and its end. Who
    /// arrives at the first try was never in one.
    pub(super) fn of(delivery: &Delivery) -> Option<(Self, u64)> {
        let since_ms = match delivery.state {
            State::Delivered { since_ms } => (delivery.tries > 1).then_some(since_ms),
            State::Parked { since_ms } => Some(since_ms),
            // Due at once: the time that stands there is that of the next try.
            State::Pending { .. } => delivery.last.is_some().then_some(0),
            State::Sending { .. } => None,
        };
        Some((Self::One(delivery.seq), since_ms?))
    }
}

/// Writes down that the list is to be told.
pub(super) fn write(storage: &Storage, changed: &Changed, now_ms: u64) -> Result<()> {
    let Some(identity) = Identity::load(storage)? else {
        return Ok(());
    };
    let (which, value) = match changed {
        Changed::One(seq) => ("seq = ?3", *seq),
        Changed::ParkedUntil(until_ms) => ("state = 'parked' AND state_ms <= ?3", *until_ms),
        Changed::Undelivered => ("state <> 'delivered' AND ?3 = 0", 0),
    };
    storage.run(
        &format!(
            "INSERT OR REPLACE INTO notice (object, seq, due_ms) SELECT ?1, seq, ?2 FROM delivery WHERE {which}
             UNION ALL SELECT ?1, seq, ?2 FROM onward WHERE {which}"
        ),
        vec![identity.object().into(), integer(now_ms), integer(value)],
    )
}

impl Instance {
    /// Tells the list what has changed. One at a time, or an older word might arrive behind a newer.
    pub(super) async fn tell(&self) -> Result<()> {
        if self.is_telling.replace(true) {
            return Ok(());
        }
        let told = self.tell_all().await;
        self.is_telling.set(false);
        told
    }

    async fn tell_all(&self) -> Result<()> {
        while let Some(notice) = self.due_notice()? {
            let number = integer(notice.number);
            if self.tell_one(notice).await.is_ok() {
                self.storage.run("DELETE FROM notice WHERE number = ?", vec![number])?;
            } else {
                let later = integer(now_ms().saturating_add(RETRY_MS));
                self.storage.run("UPDATE notice SET due_ms = ? WHERE number = ?", vec![later, number])?;
            }
        }
        Ok(())
    }

    async fn tell_one(&self, notice: Notice) -> Result<()> {
        let id = EventId { object: notice.object, seq: notice.seq };
        match self.listed(id.seq)? {
            Some(report) => undelivered::list(&self.env, &id, &serde_json::to_string(&report)?).await,
            None => undelivered::strike(&self.env, &id).await,
        }
    }

    /// What the lists say of this delivery, if they are to.
    fn listed(&self, seq: u64) -> Result<Option<Report>> {
        let Some(mut report) = self.report(seq)? else {
            return Ok(None);
        };
        let shelf = Shelf::of(&report);
        if shelf == Some(Shelf::Waiting) {
            report.waiting = self.waiting(seq)?;
        }
        Ok(shelf.map(|_| report))
    }

    /// How many wait on the same way as this one.
    fn waiting(&self, seq: u64) -> Result<Option<u64>> {
        let Some((lane, _)) = self.delivery(seq)? else {
            return Ok(None);
        };
        self.deliveries(lane).waiting().map(Some)
    }

    fn due_notice(&self) -> Result<Option<Notice>> {
        self.storage.row(
            "SELECT number, object, seq FROM notice WHERE due_ms <= ? ORDER BY number LIMIT 1",
            vec![integer(now_ms())],
        )
    }
}
