//! The one endpoint: a ticket event comes in.

use std::time::Duration;

use worker::{Delay, Result};

use super::access;
use super::cause::Cause;
use super::deliver;
use super::fault::{Faults, MAX_WAIT_MS, RetryAfter};
use super::filter::Kind;
use super::http::{Answer, Inbound};
use super::object::{Parts, now_ms};
use super::plan::{End, Plan, Replies};
use super::store::{Arrival, Ending, Outgoing};
use super::ticket::{self, Opened, Ticket};

/// An event on its way, and what becomes of it.
struct Visit<'a> {
    parts: &'a Parts,
    request: &'a Inbound,
    opened: Opened,
    faults: Option<Faults>,
    /// Its number in the journal.
    seq: i64,
}

/// Takes an event, unless a fault meets it. The journal has it either way.
pub(super) async fn receive(parts: &Parts, request: &Inbound) -> Result<Answer> {
    let opened = ticket::open(&request.body);
    let faults = parts.store.take_fault(opened.conversation.as_deref())?;
    let seq = begin_entry(parts, request, &opened, faults.as_ref())?;
    let answer = Visit { parts, request, opened, faults, seq }.run().await?;
    parts.arm().await?;
    Ok(answer)
}

fn begin_entry(parts: &Parts, request: &Inbound, opened: &Opened, faults: Option<&Faults>) -> Result<i64> {
    parts.store.begin_entry(Arrival {
        at_ms: now_ms(),
        kind: Kind::Event,
        method: &request.method,
        target: &request.target(),
        headers: request.headers_for_journal(),
        body: &request.body,
        conversation: opened.conversation.as_deref(),
        number: None,
        fault: faults.map(serde_json::to_string).transpose()?,
    })
}

async fn wait(ms: u32) {
    Delay::from(Duration::from_millis(ms.into())).await;
}

impl Visit<'_> {
    async fn run(&self) -> Result<Answer> {
        let plan = Plan::of(self.faults.as_ref());
        if plan.latency_ms > 0 {
            wait(plan.latency_ms).await;
            if !self.parts.store.has_entry(self.seq)? {
                return Ok(Answer::refused(Cause::Fault));
            }
        }
        match plan.end {
            End::Answered => {
                let verdict = self.process(&plan.replies).await?;
                self.end(Some(verdict.map_or_else(Cause::status, |()| 200)), verdict.err())?;
                Ok(verdict.map_or_else(Answer::refused, |()| Answer::empty(200)))
            }
            End::Refused { status, retry_after } => self.refuse(status, retry_after),
            End::Held => self.hold().await,
            End::Dropped => self.lose(None),
            End::Lost { status } => {
                // Whatever the verdict is, nobody learns it.
                let _ = self.process(&plan.replies).await?;
                self.lose(status)
            }
        }
    }

    /// What the API does: acknowledge, and answer later by webhook.
    async fn process(&self, replies: &Replies) -> Result<Result<(), Cause>> {
        let store = &self.parts.store;
        let bot = self.request.header("botid");
        let key = self.request.header("authorization");
        let admitted = access::admit(key, store.key()?.as_deref(), store.bot(bot)?);
        let ticket = match admitted.and(self.opened.ticket.as_ref().map_err(|cause| *cause)) {
            Ok(ticket) => ticket,
            Err(cause) => return Ok(Err(cause)),
        };
        store.mark_processed(self.seq)?;
        let ids = self.reply(bot.unwrap_or_default(), ticket, replies)?;
        if replies.before_ack {
            deliver::send_now(self.parts, &ids).await?;
        }
        Ok(Ok(()))
    }

    fn reply(&self, bot: &str, ticket: &Ticket, replies: &Replies) -> Result<Vec<i64>> {
        let lines = self.parts.agent.script(&self.parts.store)?.answer(ticket);
        let outgoing = Outgoing {
            bot,
            conversation: &ticket.conversation,
            lines: &replies.arrange(lines),
            copies: replies.copies(),
            faults: self.faults.as_ref().and_then(Faults::of_replies),
        };
        self.parts.store.add_replies(&outgoing, now_ms())
    }

    fn refuse(&self, status: u16, retry_after: Option<RetryAfter>) -> Result<Answer> {
        self.end(Some(status), Some(Cause::Fault))?;
        let answer = Answer::empty(status).because(Cause::Fault);
        Ok(match retry_after {
            Some(after) => answer.with_header("retry-after", after.header()),
            None => answer,
        })
    }

    /// Closes the connection, or answers as a gateway does that lost the API's answer.
    fn lose(&self, status: Option<u16>) -> Result<Answer> {
        match status {
            Some(status) => self.refuse(status, None),
            None => {
                self.end(None, Some(Cause::Fault))?;
                Ok(Answer::lost())
            }
        }
    }

    async fn hold(&self) -> Result<Answer> {
        let ending = Ending { cause: Some(Cause::Fault.code()), ..Ending::default() };
        self.parts.store.end_entry(self.seq, &ending)?;
        wait(MAX_WAIT_MS).await;
        Ok(Answer::refused(Cause::Fault))
    }

    fn end(&self, status: Option<u16>, cause: Option<Cause>) -> Result<()> {
        let cause = cause.map(Cause::code);
        let ending = Ending { status, cause, at_ms: Some(now_ms()), next_ms: None };
        self.parts.store.end_entry(self.seq, &ending)
    }
}
