//! What the relay counts of its own work, for a day.
//!
//! One Durable Object. Each isolate collects what it counts in memory and sends it along beside its
//! other work, so no event waits for that; what an isolate has not sent when it is stopped is lost.

use std::cell::{Cell, RefCell};

use worker::{Date, DurableObject, Env, Request, Response, Result, State, durable_object};

use super::Object;
use super::storage::{Storage, integer};
use crate::relay::http::path_and_query;
use crate::relay::log::Line;
use crate::relay::stats::{Batch, Count, Counted, KEPT_MINUTES, Page, Queue, Window, minute_of};

const MIGRATIONS: &[&[&str]] = &[&["CREATE TABLE counted (
    minute INTEGER NOT NULL,
    name TEXT NOT NULL,
    label TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (minute, name, label)
) WITHOUT ROWID"]];

/// How many times in a row one invocation sends what has been counted meanwhile; then whoever comes next
/// does. Our choice, so that none goes on for ever.
const MAX_BATCHES: u32 = 20;

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

impl DurableObject for Stats {
    fn new(state: State, _: Env) -> Self {
        Self { storage: Storage::new(&state, MIGRATIONS), tidied: Cell::new(0) }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let url = request.inner().url();
        let (_, query) = path_and_query(&url);
        if request.inner().method() == "POST" {
            self.add(&request.text().await?, now_ms())?;
            return Response::empty();
        }
        Response::from_json(&Page::of(&self.counts(query, now_ms())?, now_ms()))
    }
}

impl Stats {
    fn add(&self, counts: &str, now_ms: u64) -> Result<()> {
        self.storage.prepare()?;
        self.storage.atomically(|| {
            self.storage.run(
                "INSERT INTO counted (minute, name, label, count)
                 SELECT value ->> 'minute', value ->> 'name', value ->> 'label', value ->> 'count'
                 FROM json_each(?) WHERE true
                 ON CONFLICT DO UPDATE SET count = count + excluded.count",
                vec![counts.into()],
            )?;
            self.tidy(minute_of(now_ms))
        })
    }

    /// Drops what is older than a day, once a minute.
    fn tidy(&self, minute: u64) -> Result<()> {
        if self.tidied.replace(minute) == minute {
            return Ok(());
        }
        let first = minute.saturating_sub(KEPT_MINUTES);
        self.storage.run("DELETE FROM counted WHERE minute <= ?", vec![integer(first)])
    }

    fn counts(&self, query: &str, now_ms: u64) -> Result<Vec<Count>> {
        let Some(window) = Window::parse(query).filter(|_| self.storage.is_used().unwrap_or(false)) else {
            return Ok(Vec::new());
        };
        self.storage.rows(
            "SELECT minute, name, label, count FROM counted WHERE minute >= ? ORDER BY minute, name, label",
            vec![integer(window.first(now_ms))],
        )
    }
}

/// Counts what happens now. It is kept once somebody [`flush`]es.
pub(in crate::relay) fn count(what: Counted) {
    QUEUE.with_borrow_mut(|queue| queue.count(what, now_ms()));
}

/// What sends all that has been counted, for whoever can wait until that is done; `None` where there is
/// nothing to send, or somebody is at it.
pub(in crate::relay) fn flush(env: &Env) -> Option<impl Future<Output = ()> + use<>> {
    let first = begin()?;
    let env = env.clone();
    Some(async move {
        send(&env, first).await;
        for _ in 1..MAX_BATCHES {
            let Some(next) = begin() else {
                return;
            };
            send(&env, next).await;
        }
    })
}

fn begin() -> Option<Batch> {
    QUEUE.with_borrow_mut(|queue| queue.begin(now_ms()))
}

async fn send(env: &Env, batch: Batch) {
    let arrived = async {
        let counts = serde_json::to_string(&batch.counts)?;
        Object::stats(env)?.call("POST", "/", Some(&counts)).await
    };
    let has_arrived = arrived.await.is_ok();
    if QUEUE.with_borrow_mut(|queue| queue.end(&batch, has_arrived, now_ms())) {
        Line::new("stats-not-sent").write();
    }
}

/// What the relay has counted in these minutes, as JSON; the query is a [`Window`].
pub(in crate::relay) async fn page(env: &Env, query: &str) -> Result<String> {
    Object::stats(env)?.call("GET", &format!("/?{query}"), None).await?.text().await
}

fn now_ms() -> u64 {
    Date::now().as_millis()
}
