//! What goes when its time is over.

use serde::Deserialize;
use worker::Result;

use super::notices::{self, Changed};
use super::{Conversation, now_ms};
use crate::outbox::KEY_WINDOW_MS;
use crate::relay::objects::storage::integer;

#[derive(Deserialize)]
struct Oldest {
    entry_ms: Option<u64>,
    delivered_ms: Option<u64>,
    parked_ms: Option<u64>,
    notice_ms: Option<u64>,
}

impl Conversation {
    /// Sets the alarm to the earliest time at which there is something to do.
    pub(super) async fn arm(&self, wake_ms: Option<u64>) -> Result<()> {
        let storage = self.state.storage();
        match [wake_ms, self.expiry_ms()?].into_iter().flatten().min() {
            Some(at_ms) => {
                let wait_ms = at_ms.saturating_sub(now_ms());
                storage.set_alarm(i64::try_from(wait_ms).unwrap_or(i64::MAX)).await
            }
            None => storage.delete_alarm().await,
        }
    }

    /// Deletes what has been kept for long enough. The tables stay when their last row goes: a
    /// number that a caller has seen must never be given again.
    pub(super) fn expire(&self, now_ms: u64) -> Result<()> {
        let before = |kept_ms: u64| vec![integer(now_ms.saturating_sub(kept_ms))];
        let parked_until_ms = now_ms.saturating_sub(self.config.parked_retention_ms);
        let parked = vec![integer(parked_until_ms)];
        let run = |statement, values| self.storage.run(statement, values);
        run("DELETE FROM entry WHERE done_ms <= ?", before(self.config.retention_ms))?;
        run("DELETE FROM delivery WHERE state = 'delivered' AND state_ms <= ?", before(self.delivered_ms()))?;
        notices::write(&self.storage, &Changed::ParkedUntil(parked_until_ms), now_ms)?;
        run(
            "DELETE FROM entry WHERE seq IN (SELECT seq FROM delivery WHERE state = 'parked' AND state_ms <= ?)",
            parked.clone(),
        )?;
        run("DELETE FROM delivery WHERE state = 'parked' AND state_ms <= ?", parked)?;
        run(
            "DELETE FROM identity WHERE NOT EXISTS (SELECT 1 FROM entry) AND NOT EXISTS (SELECT 1 FROM delivery)",
            vec![],
        )
    }

    /// When something has to go.
    fn expiry_ms(&self) -> Result<Option<u64>> {
        let rows: Vec<Oldest> = self.storage.rows(
            "SELECT (SELECT min(done_ms) FROM entry WHERE done_ms IS NOT NULL) AS entry_ms,
                    (SELECT min(state_ms) FROM delivery WHERE state = 'delivered') AS delivered_ms,
                    (SELECT min(state_ms) FROM delivery WHERE state = 'parked') AS parked_ms,
                    (SELECT min(due_ms) FROM notice) AS notice_ms",
            vec![],
        )?;
        let Some(oldest) = rows.first() else {
            return Ok(None);
        };
        let times = [
            (oldest.entry_ms, self.config.retention_ms),
            (oldest.delivered_ms, self.delivered_ms()),
            (oldest.parked_ms, self.config.parked_retention_ms),
            (oldest.notice_ms, 0),
        ];
        Ok(times.into_iter().filter_map(|(since_ms, kept_ms)| Some(since_ms?.saturating_add(kept_ms))).min())
    }

    /// How long it is remembered that an event was delivered: the body has gone by then.
    fn delivered_ms(&self) -> u64 {
        self.config.retention_ms.max(KEY_WINDOW_MS)
    }
}
