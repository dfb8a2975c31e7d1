//! The Durable Object that keeps one conversation: its transcript, and the events on their way.
//!
//! Spoken to by the Worker alone. It is a thin shell round the [`outbox`](crate::outbox): each turn
//! writes its rows and sets its alarm without waiting in between, which the platform makes one
//! transaction that is on the disk before an answer, or a request to the API, leaves. Nothing is
//! kept in memory only. The alarm is what goes on when everything else stops: it is set before a
//! try begins, anew at every event, to the earliest time at which there is something to do; and its
//! handler never fails, since the platform gives up on one that fails too often.

mod alarm;
mod bell;
mod changes;
mod deliveries;
mod entries;
mod identity;
mod notices;
mod quota;
mod readers;
mod replies;
mod retention;
mod sending;
mod statements;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::future::join;
use worker::{
    DurableObject, Env, Error, Request, Response, Result, State, WebSocket, WebSocketIncomingMessage,
    durable_object,
};

use super::stats;
use super::storage::Storage;
use super::words;
use crate::outbox::{Accepted, Delivery, Keyed, Lane, Offer, Outbox, Rows};
use crate::relay::clock::now_ms;
use crate::relay::config::{Api, Config};
use crate::relay::envelope::{self, Address, Envelope};
use crate::relay::log::Line;
use crate::relay::onward;
use crate::relay::range::Range;
use crate::relay::receipt::Receipt;
use crate::relay::report::Report;
use crate::relay::request::path_and_query;
use crate::relay::stats::Counted;
use alarm::Alarm;
use bell::Bell;
use deliveries::Deliveries;
use entries::Entries;
use identity::Identity;

/// One step may be several statements.
const MIGRATIONS: &[&[&str]] = &[
    &["CREATE TABLE entry (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        at_ms INTEGER NOT NULL,
        direction TEXT NOT NULL CHECK (direction IN ('event', 'reply')),
        body TEXT NOT NULL
    )"],
    &[
        words::SCHEMA,
        "INSERT INTO words (id, text) SELECT 2 * seq, body FROM entry ORDER BY seq;
        ALTER TABLE entry DROP COLUMN body;
        ALTER TABLE entry ADD COLUMN done_ms INTEGER;
        UPDATE entry SET done_ms = at_ms;
        CREATE INDEX entry_done ON entry (done_ms) WHERE done_ms IS NOT NULL",
        // A number that a caller has seen must not be given again, though the file went in between:
        // the numbers of a new one begin with the time.
        "INSERT INTO sqlite_sequence (name, seq)
        SELECT 'entry', CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)
        WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'entry')",
        Lane::Event.schema(),
        identity::SCHEMA,
    ],
    &[notices::SCHEMA],
    &[changes::SCHEMA, Lane::Reply.schema(), entries::REPEATS, identity::EXPECTED, deliveries::TRACE_SCHEMA],
    &[statements::SCHEMA],
];

/// How much longer than a call's time-out a try may take before it counts as interrupted, in
/// milliseconds.
const LEASE_MARGIN_MS: u64 = 5_000;

/// One conversation.
#[durable_object]
pub struct Conversation(Rc<Instance>);

/// What an object has in memory. Shared with the tries that nobody waits for.
struct Instance {
    state: State,
    env: Env,
    config: Rc<Config>,
    storage: Storage,
    /// Whose conversation it is, once that has been stored.
    identity: RefCell<Option<Identity>>,
    alarm: Alarm,
    /// Nothing has been done since this instance was made: what rows say to be under way is not.
    is_fresh: Cell<bool>,
    /// The list of what is parked is being told.
    is_telling: Cell<bool>,
    bell: Bell,
}

impl DurableObject for Conversation {
    fn new(state: State, env: Env) -> Self {
        let storage = Storage::new(&state, MIGRATIONS);
        let config = crate::relay::config(&env);
        readers::answer_pings(&state);
        Self(Rc::new(Instance {
            state,
            env,
            config,
            storage,
            identity: RefCell::default(),
            alarm: Alarm::default(),
            is_fresh: Cell::new(true),
            is_telling: Cell::new(false),
            bell: Bell::default(),
        }))
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let url = request.inner().url();
        let (path, query) = path_and_query(&url);
        let body = if request.inner().body().is_some() { request.text().await? } else { String::new() };
        let answer = self.0.answer(path, query, &body).await;
        self.0.flush();
        answer
    }

    async fn alarm(&self) -> Result<Response> {
        self.0.alarm.is_off();
        if self.0.wake().await.is_err() {
            Line::new("alarm-failed").write();
            let _ = self.0.recover().await;
        }
        self.0.flush();
        Response::empty()
    }

    async fn websocket_message(&self, socket: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {
        self.0.open().await?;
        match message {
            WebSocketIncomingMessage::String(text) => self.0.hear(&socket, &text),
            WebSocketIncomingMessage::Binary(_) => self.0.hear(&socket, ""),
        }
    }

    async fn websocket_close(&self, socket: WebSocket, _: usize, _: String, _: bool) -> Result<()> {
        // The platform may have answered already.
        let _ = socket.close::<&str>(None, None);
        Ok(())
    }

    async fn websocket_error(&self, _: WebSocket, _: Error) -> Result<()> {
        Ok(())
    }
}

impl Instance {
    async fn answer(self: &Rc<Self>, path: &str, query: &str, body: &str) -> Result<Response> {
        let is_used = self.open().await?;
        match path {
            "/stream" => self.follow(query),
            "/first-reply" => self.store(body).await,
            "/accept" => self.accept(body).await,
            "/expect" => self.expect(body, query == "default").await,
            "/reply" if !is_used => Response::from_json(&false),
            "/reply" => self.reply(body).await,
            _ if !is_used => Response::from_json(&()),
            "/report" => Response::from_json(&self.report(number(query)?)?),
            "/forget" => self.forget().await,
            "/replay" => self.replay(number(query)?, body).await,
            _ => {
                Response::from_json(&Entries(&self.storage).slice(&Range::parse(query).unwrap_or_default())?)
            }
        }
    }

    /// Brings the tables up to date and, after a start, what they say to be under way. Answers
    /// whether there are any: an object that only reads has nothing to store, and should leave no
    /// trace on the disk.
    async fn open(&self) -> Result<bool> {
        let is_used = self.storage.is_used()?;
        if is_used && self.is_fresh.get() {
            self.storage.prepare()?;
            self.restart()?;
            self.is_fresh.set(false);
            self.end_turn().await?;
        }
        self.is_fresh.set(false);
        Ok(is_used)
    }

    fn restart(&self) -> Result<()> {
        let credentials = self.config.api.as_ref().map(Api::digest);
        let identity = Identity::load(&self.storage)?;
        let has_new = identity.zip(credentials).is_some_and(|(identity, digest)| identity.has_new(&digest));
        self.outbox(Lane::Reply).restart(now_ms(), roll(), false)?;
        self.outbox(Lane::Event).restart(now_ms(), roll(), has_new)
    }

    /// The alarm has fired.
    async fn wake(&self) -> Result<()> {
        if !self.open().await? {
            return Ok(());
        }
        // It may have been left as it was, though there was less and less to do.
        if self.due_ms()?.is_some_and(|due_ms| due_ms > now_ms()) {
            return self.end_turn().await;
        }
        self.expire(now_ms())?;
        self.tell().await?;
        self.vanish().await?;
        let [events, replies] = Lane::ALL.map(|lane| self.drain(lane));
        let (events, replies) = join(events, replies).await;
        events.and(replies)
    }

    /// Takes an event, and tries it at once where nothing is before it.
    async fn accept(self: &Rc<Self>, sealed: &str) -> Result<Response> {
        let (envelope, body): (Envelope<'_>, _) = envelope::open(sealed)?;
        let key = envelope.key.as_ref().map(|(key, body)| Keyed { key, body });
        let offer =
            Offer { body, transcript: envelope.transcript.get(), trace: envelope.trace.as_deref(), key };
        self.storage.prepare()?;
        if let Some(retry_after_s) =
            quota::wait_s(&self.storage, envelope.max_per_minute, key.as_ref(), now_ms())?
        {
            return Response::from_json(&Receipt::TooMany { retry_after_s });
        }
        let identity = self.identify(&envelope.address, envelope.is_default_bot)?;
        let at_once = self.can_send(Lane::Event);
        let accepted = self.outbox(Lane::Event).accept(&offer, &self.config.capacity(), now_ms(), at_once)?;
        let (seq, is_repeat) = match accepted {
            Accepted::Begun { job, until_ms } => {
                stats::count(Counted::Accepted);
                let delivery = self.try_first(job, until_ms, &identity, &envelope, body).await?;
                let Some(delivery) = delivery else {
                    return self.receipt(job.seq, false);
                };
                let Identity { bot_id, conversation_id, .. } = &identity;
                let report = Report::of(Lane::Event, &delivery, bot_id, conversation_id);
                return Response::from_json(&Receipt::Taken { is_repeat: false, report });
            }
            Accepted::Stored(seq) => {
                stats::count(Counted::Accepted);
                self.try_now(Lane::Event, seq, envelope.respond_async, envelope.request.as_deref()).await?;
                (seq, false)
            }
            Accepted::Repeated(seq) => {
                if !envelope.respond_async {
                    self.bell.wait(seq).await;
                }
                (seq, true)
            }
            Accepted::KeyReused => return Response::from_json(&Receipt::KeyReused),
            Accepted::Full => return Response::from_json(&Receipt::Full),
        };
        self.receipt(seq, is_repeat)
    }

    fn receipt(&self, seq: u64, is_repeat: bool) -> Result<Response> {
        match self.report(seq)? {
            Some(report) => Response::from_json(&Receipt::Taken { is_repeat, report }),
            None => Response::from_json(&Receipt::Forgotten),
        }
    }

    /// Stores whose conversation it is, where that is not known yet.
    fn identify(&self, address: &Address<'_>, is_default: bool) -> Result<Identity> {
        let identity = Identity::of(address, is_default);
        if self.identity.borrow().as_ref() != Some(&identity) {
            identity.store(&self.storage)?;
            self.identity.replace(Some(identity.clone()));
        }
        Ok(identity)
    }

    /// Sends what is parked again, really: at once, where nothing is under way.
    async fn replay(&self, seq: u64, request: &str) -> Result<Response> {
        let Some((lane, _)) = self.delivery(seq)? else {
            return Response::from_json(&());
        };
        if !self.outbox(lane).replay(seq, now_ms())? {
            let receipt = self.report(seq)?.map(|report| Receipt::NotParked { report });
            return Response::from_json(&receipt);
        }
        self.try_now(lane, seq, false, Some(request)).await?;
        let receipt = self.report(seq)?.map(|report| Receipt::Taken { is_repeat: false, report });
        Response::from_json(&receipt)
    }

    fn report(&self, seq: u64) -> Result<Option<Report>> {
        let identity = Identity::load(&self.storage)?;
        Ok(self.delivery(seq)?.zip(identity).map(|((lane, delivery), identity)| {
            Report::of(lane, &delivery, &identity.bot_id, &identity.conversation_id)
        }))
    }

    /// The delivery of this number, and which way it goes.
    fn delivery(&self, seq: u64) -> Result<Option<(Lane, Delivery)>> {
        for lane in Lane::ALL {
            if let Some(delivery) = self.deliveries(lane).get(seq)? {
                return Ok(Some((lane, delivery)));
            }
        }
        Ok(None)
    }

    const fn deliveries(&self, lane: Lane) -> Deliveries<'_> {
        Deliveries { storage: &self.storage, lane }
    }

    fn outbox(&self, lane: Lane) -> Outbox<Deliveries<'_>> {
        let timeout_ms = match lane {
            Lane::Event => self.config.api_timeout_ms,
            Lane::Reply => onward::TIMEOUT_MS,
        };
        Outbox::new(self.deliveries(lane), u64::from(timeout_ms) + LEASE_MARGIN_MS)
    }
}

/// The event's number, in the query of a call.
fn number(query: &str) -> Result<u64> {
    let number = query.strip_prefix("seq=").and_then(|seq| seq.parse().ok());
    number.ok_or_else(|| Error::RustError("a call names no event".into()))
}

/// A throw of the dice.
fn roll() -> u32 {
    // A number from 0 to 1 becomes one of the whole range.
    (js_sys::Math::random() * f64::from(u32::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use super::MIGRATIONS;

    /// What the tests write folders with is what was released: a step never changes.
    #[test]
    fn released_steps_stay_as_they_were() {
        let released: Vec<Vec<String>> =
            serde_json::from_str(include_str!("../../../../tests/worker/schemas.json")).unwrap();
        let words = |statement: &str| statement.split_whitespace().collect::<Vec<_>>().join(" ");
        for (step, released) in MIGRATIONS.iter().zip(&released) {
            let step: Vec<_> = step.iter().map(|statements| words(statements)).collect();
            assert_eq!(&step, released);
        }
        assert!(MIGRATIONS.len() >= released.len());
    }
}
