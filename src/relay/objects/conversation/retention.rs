//! What goes when its time is over, or when somebody wants it gone.

use serde::Deserialize;
use worker::{Response, Result};

use super::identity::Identity;
use super::notices::{self, Changed};
use super::{Instance, now_ms};
use crate::outbox::{KEY_WINDOW_MS, Lane};
use crate::relay::objects::storage::integer;
use crate::relay::objects::words::Words;

#[derive(Deserialize)]
struct Oldest {
    entry_ms: Option<u64>,
    delivered_ms: Option<u64>,
    onward_ms: Option<u64>,
    parked_ms: Option<u64>,
    parked_onward_ms: Option<u64>,
    notice_ms: Option<u64>,
    expected_ms: Option<u64>,
}

#[derive(Deserialize)]
struct Left {
    /// Whether anything is left.
    any: u8,
}

impl Instance {
    /// Deletes what has been kept for long enough.
    pub(super) fn expire(&self, now_ms: u64) -> Result<()> {
        let before = |kept_ms: u64| now_ms.saturating_sub(kept_ms);
        let (entries_ms, delivered_ms) = (before(self.config.retention_ms), before(self.delivered_ms()));
        let parked_ms = before(self.config.parked_retention_ms);
        notices::write(&self.storage, &Changed::ParkedUntil(parked_ms), now_ms)?;
        Identity::expect_no_more(&self.storage, delivered_ms)?;
        self.storage.atomically(|| {
            self.delete_entries("SELECT seq FROM entry WHERE done_ms <= ?", entries_ms)?;
            for table in Lane::ALL.map(Lane::table) {
                let parked = format!("SELECT seq FROM {table} WHERE state = 'parked' AND state_ms <= ?");
                self.delete_entries(&parked, parked_ms)?;
                self.delete(table, "state = 'delivered' AND state_ms <= ?", delivered_ms)?;
                self.delete(table, "state = 'parked' AND state_ms <= ?", parked_ms)?;
            }
            Ok(())
        })
    }

    /// Forgets everything, now.
    pub(super) async fn forget(&self) -> Result<Response> {
        notices::write(&self.storage, &Changed::Undelivered, now_ms())?;
        self.storage.atomically(|| {
            self.delete_entries("SELECT seq FROM entry WHERE ? > 0", 1)?;
            Lane::ALL.iter().try_for_each(|lane| self.delete(lane.table(), "? > 0", 1))
        })?;
        Identity::expect_no_more(&self.storage, now_ms())?;
        self.dismiss_all();
        self.end_turn().await?;
        self.tell().await?;
        self.vanish().await?;
        Response::empty()
    }

    /// Deletes the entries of these numbers, and what was said in them.
    fn delete_entries(&self, numbers: &str, until_ms: u64) -> Result<()> {
        Words(&self.storage).overwrite(
            &format!("SELECT 2 * seq FROM ({numbers}) UNION ALL SELECT 2 * seq + 1 FROM ({numbers})"),
            vec![integer(until_ms); 2],
        )?;
        // Nobody is told any more where they stand.
        let silence = format!("UPDATE delivery SET changed = NULL WHERE seq IN ({numbers})");
        self.storage.run(&silence, vec![integer(until_ms)])?;
        let delete = format!("DELETE FROM entry WHERE seq IN ({numbers})");
        self.storage.run(&delete, vec![integer(until_ms)])
    }

    fn delete(&self, table: &str, which: &str, until_ms: u64) -> Result<()> {
        self.storage.run(&format!("DELETE FROM {table} WHERE {which}"), vec![integer(until_ms)])
    }

    /// Once nothing is left, the file goes too, and with it whatever the database keeps of what
    /// was deleted.
    pub(super) async fn vanish(&self) -> Result<()> {
        let left: Option<Left> = self.storage.row(
            "SELECT EXISTS (SELECT 1 FROM entry) OR EXISTS (SELECT 1 FROM delivery)
                    OR EXISTS (SELECT 1 FROM onward) OR EXISTS (SELECT 1 FROM notice)
                    OR EXISTS (SELECT 1 FROM identity WHERE expected_ms > 0)
                    OR NOT EXISTS (SELECT 1 FROM words WHERE id > 0 UNION ALL SELECT 1 FROM identity) AS any",
            vec![],
        )?;
        match left {
            Some(Left { any: 0 }) => {
                self.identity.take();
                self.alarm.is_off();
                self.storage.start_over(&self.state).await
            }
            _ => Ok(()),
        }
    }

    /// When something has to go, or to be told.
    pub(super) fn expiry_ms(&self) -> Result<Option<u64>> {
        let oldest: Option<Oldest> = self.storage.row(
            "SELECT (SELECT min(done_ms) FROM entry WHERE done_ms IS NOT NULL) AS entry_ms,
                    (SELECT min(state_ms) FROM delivery WHERE state = 'delivered') AS delivered_ms,
                    (SELECT min(state_ms) FROM onward WHERE state = 'delivered') AS onward_ms,
                    (SELECT min(state_ms) FROM delivery WHERE state = 'parked') AS parked_ms,
                    (SELECT min(state_ms) FROM onward WHERE state = 'parked') AS parked_onward_ms,
                    (SELECT min(due_ms) FROM notice) AS notice_ms,
                    (SELECT expected_ms FROM identity) AS expected_ms",
            vec![],
        )?;
        let Some(oldest) = oldest else {
            return Ok(None);
        };
        let times = [
            (oldest.entry_ms, self.config.retention_ms),
            (oldest.delivered_ms, self.delivered_ms()),
            (oldest.onward_ms, self.delivered_ms()),
            (oldest.parked_ms, self.config.parked_retention_ms),
            (oldest.parked_onward_ms, self.config.parked_retention_ms),
            (oldest.notice_ms, self.telling_ms()),
            (oldest.expected_ms, self.delivered_ms()),
        ];
        Ok(times.into_iter().filter_map(|(since_ms, kept_ms)| Some(since_ms?.saturating_add(kept_ms))).min())
    }

    /// How long a notice may wait: not at all, but while the list is being told there is no use in waking.
    fn telling_ms(&self) -> u64 {
        if self.is_telling.get() { notices::RETRY_MS } else { 0 }
    }

    /// How long it is remembered that an event was delivered: its words have gone by then.
    fn delivered_ms(&self) -> u64 {
        self.config.retention_ms.max(KEY_WINDOW_MS)
    }
}
