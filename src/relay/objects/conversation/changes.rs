//! What has happened in a conversation, as one numbered list: entries, under their own numbers, and
//! where events stand, under a number that is new at each change: see `delivery_changed` in [`statements`](super::statements).
//!
//! An event has one place for its state however often that changes: who was away sees where it
//! stands now, and the list never grows by tries.

use serde::Deserialize;
use worker::{Error, Result};

use super::Instance;
use super::identity::Identity;
use crate::outbox::{Lane, Rows};
use crate::relay::feed::{self, Frame};
use crate::relay::objects::storage::integer;
use crate::relay::report::Report;
use crate::relay::transcript::{Direction, Row, entry_json};

pub(super) const SCHEMA: &str = "ALTER TABLE delivery ADD COLUMN changed INTEGER;
    CREATE INDEX delivery_changed ON delivery (changed) WHERE changed IS NOT NULL";

/// What a reader gets at once, at most: it is held in memory for each of them.
const MAX_FRAMES: u64 = 100;
/// Likewise, in bytes of text; one frame is always sent.
const MAX_BYTES: u64 = 256_000;

#[derive(Deserialize)]
struct Change {
    number: u64,
    seq: u64,
    at_ms: u64,
    direction: Direction,
    /// What was said; nothing where it is the state that has changed.
    body: Option<String>,
    state: Option<String>,
    repeat_of: Option<u64>,
}

impl Instance {
    /// What has happened behind this number, as much of it as is sent at once.
    pub(super) fn changes(&self, after: u64) -> Result<Vec<Frame>> {
        let changes: Vec<Change> = self.storage.rows(
            "WITH feed AS (
                SELECT seq AS number, seq, 2 * seq AS words FROM entry WHERE seq > ?1
                UNION ALL SELECT changed, seq, NULL FROM delivery JOIN entry USING (seq) WHERE changed > ?1
                ORDER BY number LIMIT ?2
             ), sized AS (
                SELECT number, seq, text, sum(coalesce(length(text), 0)) OVER (ORDER BY number)
                    - coalesce(length(text), 0) AS before
                FROM feed LEFT JOIN words ON id = words
             )
             SELECT number, sized.seq, at_ms, direction, text AS body, state, repeat_of
             FROM sized JOIN entry USING (seq) LEFT JOIN delivery USING (seq)
             WHERE before < ?3 ORDER BY number",
            vec![integer(after), integer(MAX_FRAMES), integer(MAX_BYTES)],
        )?;
        let identity = Identity::load(&self.storage)?;
        changes.into_iter().map(|change| self.frame(change, identity.as_ref())).collect()
    }

    fn frame(&self, change: Change, identity: Option<&Identity>) -> Result<Frame> {
        let number = change.number;
        match change.body {
            Some(body) => {
                let direction = change.direction;
                let Change { seq, at_ms, state, repeat_of, .. } = change;
                let row = Row { seq, at_ms, direction, body, state, repeat_of };
                let object = identity.map(Identity::object).unwrap_or_default();
                Ok(Frame::new(number, direction.name(), entry_json(&row, &object)?))
            }
            None => {
                let delivery = self.deliveries(Lane::Event).get(change.seq)?;
                let report = delivery.zip(identity).map(|(delivery, identity)| {
                    Report::of(Lane::Event, &delivery, &identity.bot_id, &identity.conversation_id)
                });
                let report = report.ok_or_else(|| Error::RustError("a state is nobody's".into()))?;
                Ok(Frame::new(number, feed::STATE, serde_json::value::to_raw_value(&report)?))
            }
        }
    }
}
