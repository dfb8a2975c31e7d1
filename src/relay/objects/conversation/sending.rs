//! Carrying out what the outbox decides.

use std::rc::Rc;

use worker::Result;

use super::entries::body_id;
use super::identity::Identity;
use super::{Conversation, now_ms, roll};
use crate::api::retry::CREDENTIALS_WAIT_MS;
use crate::api::{Outcome, TicketRequest, retry_after_ms};
use crate::event::BotId;
use crate::outbox::{Begun, Ended, Job, State};
use crate::relay::event_id::EventId;
use crate::relay::log::Line;
use crate::relay::objects::standing;
use crate::relay::objects::words::Words;
use crate::relay::upstream::{self, Answer};

/// How many tries one firing of the alarm makes at most; then the next takes over. The platform
/// allows 50 calls at least, and a try may come with two more.
const MAX_TRIES_AT_ONCE: u32 = 15;

/// A try, with all that it needs.
struct Task {
    job: Job,
    bot_id: BotId<'static>,
    /// Whether that is our own, for whose credentials we answer.
    is_ours: bool,
    /// The event's id.
    id: EventId,
    body: String,
}

impl Conversation {
    /// Tries this event if nothing is before it, and waits for the end of that; otherwise sees to
    /// it that the alarm does.
    pub(super) async fn try_now(&self, seq: u64, later: bool) -> Result<()> {
        let begun = if later { self.nothing_begun()? } else { self.begin(Some(seq))? };
        self.carry_out(begun, 1).await
    }

    /// Sends what is due, one after the other.
    pub(super) async fn drain(&self) -> Result<()> {
        let begun = self.begin(None)?;
        self.carry_out(begun, MAX_TRIES_AT_ONCE).await
    }

    /// Carries out what has begun, and what can begin behind it, up to so many tries. Fails only
    /// where the first alarm can't be set; from then on that alarm mends whatever goes wrong.
    async fn carry_out(&self, begun: Begun, mut tries: u32) -> Result<()> {
        let mut task = self.prepare(&begun).await?;
        while let Some(this) = task {
            self.bell.hang(this.job.seq);
            let sent = self.send(&this).await;
            self.bell.ring();
            tries = tries.saturating_sub(1);
            task = match sent.and_then(|()| self.next(tries)) {
                Ok(begun) => self.prepare(&begun).await.unwrap_or_else(|_| storage_failed()),
                Err(_) => storage_failed(),
            };
            if self.tell().await.is_err() {
                storage_failed();
            }
        }
        Ok(())
    }

    /// Sets the alarm, before anything is sent and in the turn in which it was decided.
    async fn prepare(&self, begun: &Begun) -> Result<Option<Task>> {
        let task = begun.job.map(|job| self.task(job)).transpose()?.flatten();
        self.end_turn(begun.wake_ms).await?;
        Ok(task)
    }

    fn next(&self, tries: u32) -> Result<Begun> {
        if tries > 0 { self.begin(None) } else { self.nothing_begun() }
    }

    /// Begins the try that is due, if it is of this event.
    fn begin(&self, only: Option<u64>) -> Result<Begun> {
        if self.config.api.is_none() {
            // As with refused credentials: what waits goes on waiting until somebody mends that.
            let wake_ms = self.outbox().wake_ms()?.map(|_| now_ms().saturating_add(CREDENTIALS_WAIT_MS));
            return Ok(Begun { job: None, wake_ms });
        }
        match only {
            Some(seq) => self.outbox().begin_only(seq, now_ms(), roll()),
            None => self.outbox().begin(now_ms(), roll()),
        }
    }

    fn nothing_begun(&self) -> Result<Begun> {
        Ok(Begun { job: None, wake_ms: self.outbox().wake_ms()? })
    }

    fn task(&self, job: Job) -> Result<Option<Task>> {
        let body = Words(&self.storage).text(body_id(job.seq))?;
        let identity = Identity::load(&self.storage)?.zip(self.config.api.as_ref());
        let task = identity.zip(body).and_then(|((identity, api), body)| {
            let bot_id = identity.bot(api, &self.config.policy.limits)?;
            Some(Task { job, is_ours: bot_id == api.bot_id, bot_id, id: identity.event_id(job.seq), body })
        });
        Ok(task)
    }

    /// One call of the API, and what follows from its end.
    async fn send(&self, task: &Task) -> Result<()> {
        let Some(api) = &self.config.api else {
            return Ok(());
        };
        let credentials = api.credentials(task.bot_id.clone());
        let call = TicketRequest::new(&api.base_url, &credentials);
        let answer = upstream::send(&call, task.body.as_bytes(), self.config.api_timeout_ms).await;
        self.settle(task, &answer)
    }

    fn settle(&self, task: &Task, answer: &Answer) -> Result<()> {
        let now_ms = now_ms();
        let retry_after_ms = answer.retry_after.as_deref().and_then(|header| retry_after_ms(header, now_ms));
        let ended = Ended { outcome: answer.outcome, retry_after_ms, is_ours: task.is_ours };
        let settled = self.outbox().settle(task.job, ended, now_ms, roll())?;
        if let Some(api) = self.config.api.as_ref().filter(|_| task.is_ours) {
            if matches!(answer.outcome, Outcome::CredentialsRefused(_)) {
                Identity::note_refused(&self.storage, &api.digest())?;
            }
            self.note(answer.outcome);
        }
        if answer.outcome != Outcome::Acknowledged {
            let is_parked = settled.is_some_and(|delivery| matches!(delivery.state, State::Parked { .. }));
            let event = if is_parked { "event-parked" } else { "event-waits" };
            let (cause, api_status) = (Some(answer.outcome.code()), answer.outcome.status());
            Line { cause, api_status, id: Some(task.id.to_string()), ..Line::new(event) }.write();
        }
        Ok(())
    }

    /// Notes what an answer says about our credentials. Nothing waits for it.
    fn note(&self, outcome: Outcome) {
        let (env, config) = (self.env.clone(), Rc::clone(&self.config));
        self.state.wait_until(async move {
            if let Some(api) = &config.api
                && standing::note(&env, api, outcome).await.is_err()
            {
                Line::new("standing-not-noted").write();
            }
        });
    }
}

fn storage_failed() -> Option<Task> {
    Line::new("storage-failed").write();
    None
}
