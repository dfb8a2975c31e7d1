//! The rows of the outbox, in SQLite.

use std::borrow::Cow;

use serde::Deserialize;
use worker::{Error, Result};

use super::entries::Entries;
use super::notices::{self, Changed};
use crate::api::Outcome;
use crate::outbox::{Delivery, Lane, Load, Offer, Reason, Rows, State};
use crate::relay::objects::stats;
use crate::relay::objects::storage::{Storage, Value, integer};
use crate::relay::stats::Counted;
use crate::trace_parent::TraceParent;

/// An event may belong to a trace of its caller's.
pub(super) const TRACE_SCHEMA: &str = "ALTER TABLE delivery ADD COLUMN trace TEXT";

/// The deliveries of a conversation, one way.
pub(super) struct Deliveries<'a> {
    pub(super) storage: &'a Storage,
    pub(super) lane: Lane,
}

const COLUMNS: &str =
    "seq, version, state, state_ms, accepted_ms, since_ms, tries, failures, last_code, last_status, key_body";

#[derive(Deserialize)]
struct Row {
    seq: u64,
    version: u32,
    state: String,
    state_ms: u64,
    accepted_ms: u64,
    since_ms: u64,
    tries: u32,
    failures: u32,
    last_code: Option<String>,
    last_status: Option<u16>,
    key_body: Option<String>,
}

#[derive(Deserialize)]
struct Traced {
    trace: Option<String>,
}

#[derive(Deserialize)]
struct Held {
    events: u64,
    bytes: u64,
}

impl TryFrom<Row> for Delivery {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let state = State::of(&row.state, row.state_ms)
            .ok_or_else(|| Error::RustError("a delivery is in a state that is none".into()))?;
        Ok(Self {
            seq: row.seq,
            version: row.version,
            state,
            accepted_ms: row.accepted_ms,
            since_ms: row.since_ms,
            tries: row.tries,
            failures: row.failures,
            last: row.last_code.map(|code| Reason { code: Cow::Owned(code), status: row.last_status }),
        })
    }
}

impl Deliveries<'_> {
    fn find(&self, rest: &str, values: Vec<Value<'_>>) -> Result<Option<Row>> {
        self.storage.row(&format!("SELECT {COLUMNS} FROM {} {rest}", self.lane.table()), values)
    }
}

impl Rows for Deliveries<'_> {
    type Error = Error;

    fn head(&self) -> Result<Option<Delivery>> {
        // In the order of the index: `sending` before `pending`, then by number.
        let row = self.find(
            "WHERE state <> 'delivered' AND state > 'parked' ORDER BY state DESC, seq LIMIT 1",
            vec![],
        )?;
        row.map(Delivery::try_from).transpose()
    }

    fn get(&self, seq: u64) -> Result<Option<Delivery>> {
        self.find("WHERE seq = ?", vec![integer(seq)])?.map(Delivery::try_from).transpose()
    }

    fn with_key(&self, key: &str) -> Result<Option<(Delivery, String)>> {
        let Some(mut row) = self.find("WHERE key = ?", vec![key.into()])? else {
            return Ok(None);
        };
        let body = row.key_body.take().unwrap_or_default();
        Ok(Some((row.try_into()?, body)))
    }

    fn load(&self) -> Result<Load> {
        let held = format!(
            "SELECT count(*) AS events, coalesce(sum(bytes), 0) AS bytes FROM {} WHERE state <> 'delivered'",
            self.lane.table()
        );
        let held: Option<Held> = self.storage.row(&held, vec![])?;
        Ok(held.map_or_else(Load::default, |held| Load { events: held.events, bytes: held.bytes }))
    }

    fn insert(&self, offer: &Offer<'_>, delivery: &Delivery) -> Result<u64> {
        let statement = format!(
            "INSERT INTO {}_offer
             (at_ms, transcript, body, bytes, version, state, state_ms, tries, key, key_body, trace)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self.lane.table()
        );
        let values = vec![
            integer(delivery.accepted_ms),
            offer.transcript.into(),
            offer.body.into(),
            integer(offer.body.len() as u64),
            integer(delivery.version.into()),
            delivery.state.name().into(),
            integer(delivery.state.at_ms()),
            integer(delivery.tries.into()),
            offer.key.map(|keyed| keyed.key).into(),
            offer.key.map(|keyed| keyed.body).into(),
            offer.trace.into(),
        ];
        self.storage.run(&statement, values)?;
        Entries(self.storage).last()
    }

    fn update(&self, delivery: &Delivery) -> Result<()> {
        match Changed::of(delivery) {
            None => self.update_row(delivery)?,
            Some((changed, at_ms)) => self.storage.atomically(|| {
                self.update_row(delivery)?;
                notices::write(self.storage, &changed, at_ms)
            })?,
        }
        if self.lane == Lane::Event && Counted::is_interrupted(delivery) {
            stats::count_try(Outcome::Interrupted, delivery);
        }
        Ok(())
    }
}

impl Deliveries<'_> {
    /// The trace that an event belongs to.
    pub(super) fn trace(&self, seq: u64) -> Result<Option<TraceParent>> {
        if self.lane == Lane::Reply {
            return Ok(None);
        }
        let row: Option<Traced> =
            self.storage.row("SELECT trace FROM delivery WHERE seq = ?", vec![integer(seq)])?;
        Ok(row.and_then(|row| row.trace).and_then(|trace| TraceParent::parse(&trace)))
    }

    fn update_row(&self, delivery: &Delivery) -> Result<()> {
        let last = delivery.last.as_ref();
        self.storage.run(
            &format!(
                "UPDATE {} SET state = ?1, state_ms = ?2, since_ms = ?3, tries = ?4, failures = ?5,
                 last_code = ?6, last_status = ?7 WHERE seq = ?8",
                self.lane.table()
            ),
            vec![
                delivery.state.name().into(),
                integer(delivery.state.at_ms()),
                integer(delivery.since_ms),
                integer(delivery.tries.into()),
                integer(delivery.failures.into()),
                last.map(|reason| &*reason.code).into(),
                last.and_then(|reason| reason.status).map(|status| integer(status.into())).into(),
                integer(delivery.seq),
            ],
        )
    }

    /// How many are on their way.
    pub(super) fn waiting(&self) -> Result<u64> {
        let count = format!(
            "SELECT count(*) AS events, 0 AS bytes FROM {} WHERE state <> 'delivered' AND state <> 'parked'",
            self.lane.table()
        );
        let held: Option<Held> = self.storage.row(&count, vec![])?;
        Ok(held.map_or(0, |held| held.events))
    }
}
