//! Carrying out what the outboxes decide.

use std::rc::Rc;

use futures_util::future::join;
use worker::Result;

use super::entries::{body_id, transcript_id};
use super::identity::Identity;
use super::{Instance, now_ms, roll};
use crate::api::retry::CREDENTIALS_WAIT_MS;
use crate::api::{Outcome, TicketRequest, retry_after_ms};
use crate::event::BotId;
use crate::outbox::{Delivery, Ended, Job, Lane, State};
use crate::relay::envelope::Envelope;
use crate::relay::event_id::EventId;
use crate::relay::log::Line;
use crate::relay::objects::words::Words;
use crate::relay::objects::{Object, standing, stats};
use crate::relay::onward;
use crate::relay::request::buffer;
use crate::relay::upstream::{self, Answer};
use crate::trace_parent::TraceParent;

/// How many tries of one way one firing of the alarm makes at most; then the next takes over. The
/// platform allows 50 calls at least; an event may come with three more, a reply with one.
const MAX_TRIES_AT_ONCE: u32 = 8;

/// A try, with all that it needs.
struct Task {
    lane: Lane,
    job: Job,
    bot_id: BotId<'static>,
    /// Whether that is our own, for whose credentials we answer.
    is_ours: bool,
    /// Where replies will come, if this object is named after another bot than it is sent to.
    moved: Option<Identity>,
    /// The id of the event or the reply.
    id: EventId,
    body: String,
    /// The trace that it belongs to.
    trace: Option<TraceParent>,
    /// The request that it is part of: none where the alarm makes it.
    request: Option<String>,
}

impl Instance {
    /// Makes the first try of an event, which begun with being taken: nothing was before it, and all that it
    /// needs is at hand. Answers how it stands then, where that is known and its caller waits for it.
    pub(super) async fn try_first(
        self: &Rc<Self>,
        job: Job,
        until_ms: u64,
        identity: &Identity,
        envelope: &Envelope<'_>,
        body: &str,
    ) -> Result<Option<Delivery>> {
        let turns = self.alarm.turns();
        let trace = envelope.trace.as_deref().and_then(TraceParent::parse);
        let request = envelope.request.as_deref();
        let Some(task) = self.task_of(identity, Lane::Event, job, body.to_owned(), trace, request) else {
            return self.end_turn().await.map(|()| None);
        };
        self.end_turn_until(until_ms).await?;
        if envelope.respond_async {
            let this = Rc::clone(self);
            self.state.wait_until(async move {
                this.send_first(&task, turns).await;
                this.flush();
            });
            return Ok(None);
        }
        Ok(self.send_first(&task, turns).await)
    }

    /// Sends what nothing was before, and has begun when there had been so many turns.
    async fn send_first(&self, task: &Task, turns: u64) -> Option<Delivery> {
        let sent = self.send(task).await;
        let has_arrived = |delivery: &Delivery| matches!(delivery.state, State::Delivered { .. });
        let is_over = matches!(&sent, Ok(Some(delivery)) if has_arrived(delivery));
        let ended = if is_over && turns == self.alarm.turns() {
            self.end_turn_until(now_ms().saturating_add(self.config.retention_ms)).await
        } else {
            self.end_turn().await.and(self.tell().await)
        };
        if sent.is_err() || ended.is_err() {
            storage_failed(task.request.as_deref());
        }
        sent.ok().flatten()
    }

    /// Tries this if nothing is before it, and waits for the end of that; otherwise sees to it that
    /// the alarm does.
    pub(super) async fn try_now(
        &self,
        lane: Lane,
        seq: u64,
        later: bool,
        request: Option<&str>,
    ) -> Result<()> {
        let job = if later { None } else { self.begin(lane, Some(seq))? };
        self.carry_out(lane, job, 1, request).await
    }

    /// Sends what is due, one after the other.
    pub(super) async fn drain(&self, lane: Lane) -> Result<()> {
        let job = self.begin(lane, None)?;
        self.carry_out(lane, job, MAX_TRIES_AT_ONCE, None).await
    }

    /// Carries out what has begun, and what can begin behind it, up to so many tries. Fails only
    /// where the first alarm can't be set; from then on that alarm mends whatever goes wrong.
    async fn carry_out(
        &self,
        lane: Lane,
        job: Option<Job>,
        mut tries: u32,
        request: Option<&str>,
    ) -> Result<()> {
        let mut task = self.prepare(lane, job, request).await?;
        while let Some(this) = task {
            // Beside it: a list that is slow must not eat into the time that the next try has.
            let (sent, told) = join(self.send(&this), self.tell()).await;
            if told.is_err() {
                storage_failed(request);
            }
            tries = tries.saturating_sub(1);
            task = match sent.and_then(|_| self.next(lane, tries)) {
                Ok(job) => self.prepare(lane, job, request).await.unwrap_or_else(|_| storage_failed(request)),
                Err(_) => storage_failed(request),
            };
        }
        if self.tell().await.is_err() {
            storage_failed(request);
        }
        Ok(())
    }

    /// Sets the alarm, before anything is sent and in the turn in which it was decided.
    async fn prepare(&self, lane: Lane, job: Option<Job>, request: Option<&str>) -> Result<Option<Task>> {
        let task = job.map(|job| self.task(lane, job, request)).transpose()?.flatten();
        self.end_turn().await?;
        Ok(task)
    }

    fn next(&self, lane: Lane, tries: u32) -> Result<Option<Job>> {
        if tries > 0 { self.begin(lane, None) } else { Ok(None) }
    }

    /// Begins the try that is due, if it is of this number.
    fn begin(&self, lane: Lane, only: Option<u64>) -> Result<Option<Job>> {
        if !self.can_send(lane) {
            return Ok(None);
        }
        let begun = match only {
            Some(seq) => self.outbox(lane).begin_only(seq, now_ms(), roll()),
            None => self.outbox(lane).begin(now_ms(), roll()),
        }?;
        Ok(begun.job)
    }

    /// When there is something to send this way.
    pub(super) fn wake_ms(&self, lane: Lane) -> Result<Option<u64>> {
        let wake_ms = self.outbox(lane).wake_ms(now_ms())?;
        // As with refused credentials: what waits goes on waiting until somebody mends that.
        let mended_ms = now_ms().saturating_add(CREDENTIALS_WAIT_MS);
        Ok(wake_ms.map(|wake_ms| if self.can_send(lane) { wake_ms } else { mended_ms }))
    }

    /// Whether we know where to send to.
    pub(super) fn can_send(&self, lane: Lane) -> bool {
        match lane {
            Lane::Event => self.config.api.is_some(),
            // Where nobody takes replies any more, they are as good as undeliverable: for a day.
            Lane::Reply => true,
        }
    }

    fn task(&self, lane: Lane, job: Job, request: Option<&str>) -> Result<Option<Task>> {
        let words = match lane {
            Lane::Event => body_id(job.seq),
            Lane::Reply => transcript_id(job.seq),
        };
        let body = Words(&self.storage).text(words)?;
        let trace = self.deliveries(lane).trace(job.seq)?;
        let known = Identity::load(&self.storage)?.zip(body);
        Ok(known.and_then(|(identity, body)| self.task_of(&identity, lane, job, body, trace, request)))
    }

    fn task_of(
        &self,
        identity: &Identity,
        lane: Lane,
        job: Job,
        body: String,
        trace: Option<TraceParent>,
        request: Option<&str>,
    ) -> Option<Task> {
        let bot_id = identity.bot(self.config.api.as_ref(), &self.config.policy.limits)?;
        let is_ours = self.config.api.as_ref().is_some_and(|api| api.bot_id == bot_id);
        let (moved, id) = (identity.moved(&bot_id), identity.event_id(job.seq));
        let request = request.map(str::to_owned);
        Some(Task { lane, job, is_ours, bot_id, moved, id, body, trace, request })
    }

    /// One call, and what follows from its end. Answers how the delivery stands then.
    async fn send(&self, task: &Task) -> Result<Option<Delivery>> {
        match task.lane {
            Lane::Event => {
                self.bell.hang(task.job.seq);
                let sent = self.send_event(task).await;
                self.bell.ring();
                sent
            }
            Lane::Reply => self.send_reply(task).await,
        }
    }

    async fn send_event(&self, task: &Task) -> Result<Option<Delivery>> {
        let Some(api) = &self.config.api else {
            return Ok(None);
        };
        self.announce(task).await?;
        let credentials = api.credentials(task.bot_id.clone());
        let call = TicketRequest::new(&api.base_url, &credentials);
        let timeout_ms = self.config.api_timeout_ms;
        let answer = upstream::send(&call, task.trace, &buffer(task.body.as_bytes()), timeout_ms).await;
        let settled = self.settle(task, &answer)?;
        if task.is_ours {
            if matches!(answer.outcome, Outcome::CredentialsRefused(_)) {
                Identity::note_refused(&self.storage, &api.digest())?;
            }
            self.note(answer.outcome, task.request.clone());
        }
        Ok(settled)
    }

    async fn send_reply(&self, task: &Task) -> Result<Option<Delivery>> {
        let answer = match &self.config.onward {
            Some(onward) => onward.send(&task.id.to_string(), &task.body, now_ms()).await,
            None => Answer { outcome: Outcome::Unreachable, retry_after: None },
        };
        self.settle(task, &answer)
    }

    /// Has replies expected where they will come, if that is not here. Before the event is sent: a reply
    /// may be there first.
    async fn announce(&self, task: &Task) -> Result<()> {
        let Some(moved) = &task.moved else {
            return Ok(());
        };
        let object = Object::of_conversation(&self.env, moved.object());
        let address = serde_json::to_string(&moved.address())?;
        object.call("POST", "/expect?default", Some(&address)).await.map(drop)
    }

    fn settle(&self, task: &Task, answer: &Answer) -> Result<Option<Delivery>> {
        let now_ms = now_ms();
        let retry_after_ms = answer.retry_after.as_deref().and_then(|header| retry_after_ms(header, now_ms));
        let ended = Ended { outcome: answer.outcome, retry_after_ms, is_ours: task.is_ours };
        let settled = self.outbox(task.lane).settle(task.job, ended, now_ms, roll())?;
        if let Some(delivery) = settled.as_ref().filter(|_| task.lane == Lane::Event) {
            stats::count_try(answer.outcome, delivery);
        }
        if answer.outcome != Outcome::Acknowledged {
            let is_parked =
                settled.as_ref().is_some_and(|delivery| matches!(delivery.state, State::Parked { .. }));
            log(task, answer.outcome, is_parked);
        }
        Ok(settled)
    }

    /// Notes what an answer says about our credentials. Nothing waits for it.
    fn note(&self, outcome: Outcome, request: Option<String>) {
        if standing::is_noted(outcome) {
            return;
        }
        let (env, config) = (self.env.clone(), Rc::clone(&self.config));
        self.state.wait_until(async move {
            if let Some(api) = &config.api
                && standing::note(&env, api, outcome).await.is_err()
            {
                Line { request, ..Line::new("standing-not-noted") }.write();
            }
        });
    }

    /// Sends what has been counted. Nothing waits for it.
    pub(super) fn flush(&self) {
        if let Some(flush) = stats::flush(&self.env) {
            self.state.wait_until(flush);
        }
    }
}

fn storage_failed(request: Option<&str>) -> Option<Task> {
    Line { request: request.map(str::to_owned), ..Line::new("storage-failed") }.write();
    None
}

fn log(task: &Task, outcome: Outcome, is_parked: bool) {
    let (event, cause) = match (task.lane, is_parked) {
        (Lane::Event, true) => ("event-parked", outcome.code()),
        (Lane::Event, false) => ("event-waits", outcome.code()),
        (Lane::Reply, true) => ("reply-parked", onward::code(outcome)),
        (Lane::Reply, false) => ("reply-waits", onward::code(outcome)),
    };
    let (cause, id) = (Some(cause), Some(task.id.to_string()));
    let (request, trace) = (task.request.clone(), task.trace.as_ref().map(TraceParent::trace_id));
    Line { cause, api_status: outcome.status(), id, request, trace, ..Line::new(event) }.write();
}
