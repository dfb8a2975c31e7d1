//! What goes when its time is over, or when somebody wants it gone.

use serde::Deserialize;
use worker::{Response, Result};

use super::notices::{self, Changed};
use super::{Conversation, now_ms};
use crate::outbox::KEY_WINDOW_MS;
use crate::relay::objects::storage::integer;
use crate::relay::objects::words::Words;

#[derive(Deserialize)]
struct Oldest {
    entry_ms: Option<u64>,
    delivered_ms: Option<u64>,
    parked_ms: Option<u64>,
    notice_ms: Option<u64>,
}

#[derive(Deserialize)]
struct Left {
    /// Whether anything is left.
    any: u8,
}

impl Conversation {
    /// Whatever a turn has changed, readers get; and the alarm is set to the earliest time at which
    /// there is something to do. Without waiting in between, so it is one transaction with the rest.
    pub(super) async fn end_turn(&self, wake_ms: Option<u64>) -> Result<()> {
        self.feed_all();
        let storage = self.state.storage();
        match [wake_ms, self.expiry_ms()?].into_iter().flatten().min() {
            Some(at_ms) => {
                let wait_ms = at_ms.saturating_sub(now_ms());
                storage.set_alarm(i64::try_from(wait_ms).unwrap_or(i64::MAX)).await
            }
            None => storage.delete_alarm().await,
        }
    }

    /// Deletes what has been kept for long enough.
    pub(super) fn expire(&self, now_ms: u64) -> Result<()> {
        let before = |kept_ms: u64| now_ms.saturating_sub(kept_ms);
        self.delete(
            "SELECT seq FROM entry WHERE done_ms <= ?",
            "SELECT seq FROM delivery WHERE state = 'delivered' AND state_ms <= ?",
            (before(self.config.retention_ms), before(self.delivered_ms())),
        )?;
        let parked_until_ms = before(self.config.parked_retention_ms);
        notices::write(&self.storage, &Changed::ParkedUntil(parked_until_ms), now_ms)?;
        let parked = "SELECT seq FROM delivery WHERE state = 'parked' AND state_ms <= ?";
        self.delete(parked, parked, (parked_until_ms, parked_until_ms))
    }

    /// Forgets everything, now.
    pub(super) async fn forget(&self) -> Result<Response> {
        notices::write(&self.storage, &Changed::ParkedUntil(now_ms()), now_ms())?;
        let all = "SELECT seq FROM entry WHERE ? > 0";
        self.delete(all, "SELECT seq FROM delivery WHERE ? > 0", (1, 1))?;
        self.dismiss_all();
        self.end_turn(None).await?;
        self.tell().await?;
        self.vanish().await?;
        Response::empty()
    }

    /// Deletes these entries, and these deliveries: queries of numbers, each with its time.
    fn delete(&self, entries: &str, deliveries: &str, (entries_ms, deliveries_ms): (u64, u64)) -> Result<()> {
        let run = |statement: &str, at_ms| self.storage.run(statement, vec![integer(at_ms)]);
        self.storage.atomically(|| {
            Words(&self.storage).overwrite(
                &format!("SELECT 2 * seq FROM ({entries}) UNION ALL SELECT 2 * seq + 1 FROM ({entries})"),
                vec![integer(entries_ms); 2],
            )?;
            run(&format!("DELETE FROM entry WHERE seq IN ({entries})"), entries_ms)?;
            run(&format!("DELETE FROM delivery WHERE seq IN ({deliveries})"), deliveries_ms)
        })
    }

    /// Once nothing is left, the file goes too, and with it whatever the database keeps of what
    /// was deleted.
    pub(super) async fn vanish(&self) -> Result<()> {
        let left: Option<Left> = self.storage.row(
            "SELECT EXISTS (SELECT 1 FROM entry) OR EXISTS (SELECT 1 FROM delivery)
                    OR EXISTS (SELECT 1 FROM notice) OR NOT EXISTS (SELECT 1 FROM words WHERE id > 0) AS any",
            vec![],
        )?;
        match left {
            Some(Left { any: 0 }) => self.storage.start_over(&self.state).await,
            _ => Ok(()),
        }
    }

    /// When something has to go, or to be told.
    fn expiry_ms(&self) -> Result<Option<u64>> {
        let oldest: Option<Oldest> = self.storage.row(
            "SELECT (SELECT min(done_ms) FROM entry WHERE done_ms IS NOT NULL) AS entry_ms,
                    (SELECT min(state_ms) FROM delivery WHERE state = 'delivered') AS delivered_ms,
                    (SELECT min(state_ms) FROM delivery WHERE state = 'parked') AS parked_ms,
                    (SELECT min(due_ms) FROM notice) AS notice_ms",
            vec![],
        )?;
        let Some(oldest) = oldest else {
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

    /// How long it is remembered that an event was delivered: its words have gone by then.
    fn delivered_ms(&self) -> u64 {
        self.config.retention_ms.max(KEY_WINDOW_MS)
    }
}
