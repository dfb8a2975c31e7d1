//! What the relay counts of its own work, for a day.
//!
//! One Durable Object. Each isolate collects what it counts in memory and sends it along beside its
//! other work, so no event waits for that; what an isolate has not sent when it is stopped is lost.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use serde::Deserialize;
use worker::{Delay, DurableObject, Env, Request, Response, Result, State, durable_object};

use super::Object;
use super::storage::{Storage, integer};
use crate::api::Outcome;
use crate::outbox::Delivery;
use crate::relay::clock::now_ms;
use crate::relay::log::Line;
use crate::relay::request::path_and_query;
use crate::relay::stats::{Batch, Counted, KEPT_MINUTES, PAUSE_MS, Queue, STEP_MS, Window, minute_of};

const MIGRATIONS: &[&[&str]] = &[&["CREATE TABLE counted (
    minute INTEGER NOT NULL,
    name TEXT NOT NULL,
    label TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (minute, name, label)
) WITHOUT ROWID"]];

/// Each minute from one on, as callers see it. By the database: what would put it together here weighs more.
const MINUTES: &str = "SELECT json_object(
        'atMs', minute * ?2,
        'accepted', coalesce(sum(count) FILTER (WHERE name = 'accepted'), 0),
        'delivered', coalesce(sum(count) FILTER (WHERE name = 'delivered'), 0),
        'parked', coalesce(sum(count) FILTER (WHERE name = 'parked'), 0),
        'replies', coalesce(sum(count) FILTER (WHERE name = 'replies'), 0),
        'tries', json_group_object(label, count) FILTER (WHERE name = 'tries'),
        'latencyMs', json_group_array(
            json_object('le', iif(label = 'more', NULL, CAST(label AS INTEGER)), 'count', count)
            ORDER BY label = 'more', CAST(label AS INTEGER)
        ) FILTER (WHERE name = 'latencyMs'),
        'attempts', json_group_object(label, count) FILTER (WHERE name = 'attempts')
    ) AS json
    FROM counted WHERE minute >= ?1 GROUP BY minute ORDER BY minute";

/// How many times in a row one invocation sends what has been counted meanwhile; then whoever comes next
/// does. Our choice: the platform ends what goes on for half a minute after the answer.
const MAX_BATCHES: u32 = 10;

thread_local! {
    /// What this isolate has counted and not sent.
    static QUEUE: RefCell<Queue> = const { RefCell::new(Queue::new()) };
}

/// The counts.
#[durable_object(fetch)]
pub struct Stats {
    storage: Storage,
    /// The minute in which what was old has been dropped.
    tidied: Cell<u64>,
}

#[derive(Deserialize)]
struct Row {
    json: String,
}

impl DurableObject for Stats {
    fn new(state: State, _: Env) -> Self {
        Self { storage: Storage::new(&state, MIGRATIONS), tidied: Cell::new(0) }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let url = request.inner().url();
        let (_, query) = path_and_query(&url);
        if request.inner().method() == "POST" {
            self.add(&request.text().await?, minute_of(now_ms()))?;
            return Response::empty();
        }
        let page = self.page(query.parse().unwrap_or(0), now_ms())?;
        Response::ok(page)
    }
}

impl Stats {
    /// Adds these. Last, so that what failed has added nothing.
    fn add(&self, counts: &str, minute: u64) -> Result<()> {
        self.storage.prepare()?;
        self.tidy(minute)?;
        self.storage.run(
            "INSERT INTO counted (minute, name, label, count)
             SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?) WHERE true
             ON CONFLICT DO UPDATE SET count = count + excluded.count",
            vec![counts.into()],
        )
    }

    /// Drops what is older than a day, once a minute.
    fn tidy(&self, minute: u64) -> Result<()> {
        if self.tidied.replace(minute) == minute {
            return Ok(());
        }
        let first = minute.saturating_sub(KEPT_MINUTES);
        self.storage.run("DELETE FROM counted WHERE minute <= ?", vec![integer(first)])
    }

    /// What has been counted from this minute on, as callers see it.
    fn page(&self, first: u64, now_ms: u64) -> Result<String> {
        let rows: Vec<Row> = if self.storage.is_used()? {
            self.storage.rows(MINUTES, vec![integer(first), integer(STEP_MS)])?
        } else {
            Vec::new()
        };
        let minutes: Vec<_> = rows.into_iter().map(|row| row.json).collect();
        let minutes = minutes.join(",");
        Ok(format!(r#"{{"stepMs":{STEP_MS},"nowMs":{now_ms},"minutes":[{minutes}]}}"#))
    }
}

/// Counts what happens now. It is kept once somebody [`flush`]es.
pub(in crate::relay) fn count(what: Counted) {
    QUEUE.with_borrow_mut(|queue| queue.count(what, now_ms()));
}

/// Counts the end of a try, and what it has made of the event.
pub(super) fn count_try(outcome: Outcome, delivery: &Delivery) {
    count(Counted::Tried(outcome));
    Counted::of(delivery).into_iter().for_each(count);
}

/// What sends all that has been counted, for whoever can wait until that is done; `None` where there is
/// nothing to send, or somebody is at it.
pub(in crate::relay) fn flush(env: &Env) -> Option<LocalBoxFuture<'static, ()>> {
    let first = begin()?;
    let env = env.clone();
    Some(Box::pin(async move { send_all(&env, first).await }))
}

/// Sends this, and what has been counted meanwhile.
async fn send_all(env: &Env, first: Batch) {
    let mut next = Some(first);
    for left in (0..MAX_BATCHES).rev() {
        let Some(batch) = next else {
            return;
        };
        send(env, batch).await;
        Delay::from(Duration::from_millis(PAUSE_MS)).await;
        next = if left > 0 { begin() } else { None };
    }
}

fn begin() -> Option<Batch> {
    QUEUE.with_borrow_mut(|queue| queue.begin(now_ms()))
}

async fn send(env: &Env, batch: Batch) {
    let arrived = async { Object::stats(env).call("POST", "/", Some(&batch.counts.to_json())).await };
    let has_arrived = arrived.await.is_ok();
    if QUEUE.with_borrow_mut(|queue| queue.end(&batch, has_arrived, now_ms())) {
        Line::new("stats-not-sent").write();
    }
}

/// What the relay has counted in these minutes, as JSON.
pub(in crate::relay) async fn page(env: &Env, window: Window) -> Result<String> {
    let first = window.first(now_ms());
    Object::stats(env).call("GET", &format!("/?{first}"), None).await
}
