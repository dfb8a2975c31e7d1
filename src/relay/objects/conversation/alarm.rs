//! The alarm: what goes on when everything else stops.

use std::cell::Cell;

use worker::Result;

use super::{Instance, now_ms};
use crate::outbox::Lane;

/// When the alarm is set to fire, as far as this instance knows: never later than there is something to do.
#[derive(Default)]
pub(super) struct Alarm {
    set_ms: Cell<Option<u64>>,
    /// How many turns have looked for all that there is to do.
    turns: Cell<u64>,
}

/// How long to wait before another look where the storage failed, in milliseconds.
const RECOVERY_MS: u64 = 30_000;

impl Alarm {
    /// It is not set any more.
    pub(super) fn is_off(&self) {
        self.set_ms.set(None);
    }

    /// How many turns there have been: as long as that stays, nothing has happened beside.
    pub(super) const fn turns(&self) -> u64 {
        self.turns.get()
    }
}

impl Instance {
    /// Whatever a turn has changed, readers get; and the alarm is set to the earliest time at which
    /// there is something to do. Without waiting in between, so it is one transaction with the rest.
    pub(super) async fn end_turn(&self) -> Result<()> {
        self.alarm.turns.set(self.alarm.turns.get().wrapping_add(1));
        self.feed_all();
        match self.due_ms()? {
            Some(at_ms) => self.set_alarm(at_ms).await,
            None => {
                self.alarm.is_off();
                self.state.storage().delete_alarm().await
            }
        }
    }

    /// Likewise where nothing is to be done but at this time, and what the alarm is set for already. To set
    /// it costs as much as to store an event, so one that is early stays: it finds nothing to do, once. One
    /// that should have fired by now may be lost.
    pub(super) async fn end_turn_until(&self, at_ms: u64) -> Result<()> {
        let set_ms = self.alarm.set_ms.get();
        if set_ms.is_some_and(|set_ms| set_ms <= now_ms()) {
            return self.end_turn().await;
        }
        self.feed_all();
        if set_ms.is_some_and(|set_ms| set_ms <= at_ms) {
            return Ok(());
        }
        self.set_alarm(at_ms).await
    }

    /// When there is something to do.
    pub(super) fn due_ms(&self) -> Result<Option<u64>> {
        let [event_ms, reply_ms] = Lane::ALL.map(|lane| self.wake_ms(lane));
        Ok([event_ms?, reply_ms?, self.expiry_ms()?].into_iter().flatten().min())
    }

    /// Looks again soon, whatever has failed.
    pub(super) async fn recover(&self) -> Result<()> {
        self.set_alarm(now_ms().saturating_add(RECOVERY_MS)).await
    }

    async fn set_alarm(&self, at_ms: u64) -> Result<()> {
        self.alarm.set_ms.set(Some(at_ms));
        let wait_ms = at_ms.saturating_sub(now_ms());
        self.state.storage().set_alarm(i64::try_from(wait_ms).unwrap_or(i64::MAX)).await
    }
}
