//! The one endpoint: a ticket event comes in.

use std::time::Duration;

use worker::{Delay, Result};

use super::access;
use super::cause::Cause;
use super::fault::{Fault, MAX_WAIT_MS};
use super::http::{Answer, Inbound};
use super::object::{Parts, now_ms};
use super::store::{Arrival, Kind};
use super::ticket::{self, Opened, Ticket};

/// Takes an event, unless a fault meets it. The journal has it either way.
pub(super) async fn receive(parts: &Parts, request: &Inbound) -> Result<Answer> {
    let opened = ticket::open(&request.body);
    let fault = parts.store.take_fault(opened.conversation.as_deref())?;
    let seq = begin_entry(parts, request, &opened, fault.as_ref())?;
    let answer = match fault {
        None => process(parts, request, opened, seq)?,
        Some(fault) => suffer(parts, request, opened, seq, fault).await?,
    };
    parts.arm().await?;
    Ok(answer)
}

fn begin_entry(parts: &Parts, request: &Inbound, opened: &Opened, fault: Option<&Fault>) -> Result<i64> {
    parts.store.begin_entry(Arrival {
        at_ms: now_ms(),
        kind: Kind::Event,
        method: &request.method,
        target: &request.target(),
        headers: request.headers_for_journal(),
        body: &request.body,
        conversation: opened.conversation.as_deref(),
        number: None,
        fault: fault.map(serde_json::to_string).transpose()?,
    })
}

/// What a fault makes of a request.
async fn suffer(parts: &Parts, request: &Inbound, opened: Opened, seq: i64, fault: Fault) -> Result<Answer> {
    match fault {
        Fault::Status { status, retry_after } => {
            let answer = Answer::empty(status).because(Cause::Fault);
            let answer = match retry_after {
                Some(after) => answer.with_header("retry-after", after.header()),
                None => answer,
            };
            end_entry(parts, seq, Some(answer.status), Some(Cause::Fault))?;
            Ok(answer)
        }
        Fault::Latency { ms } => {
            wait(ms).await;
            if parts.store.has_entry(seq)? {
                process(parts, request, opened, seq)
            } else {
                Ok(Answer::refused(Cause::Fault))
            }
        }
        Fault::NoAnswer {} => {
            end_entry(parts, seq, None, Some(Cause::Fault))?;
            wait(MAX_WAIT_MS).await;
            Ok(Answer::refused(Cause::Fault))
        }
    }
}

async fn wait(ms: u32) {
    Delay::from(Duration::from_millis(ms.into())).await;
}

/// What the API does: acknowledge, and answer later by webhook.
fn process(parts: &Parts, request: &Inbound, opened: Opened, seq: i64) -> Result<Answer> {
    let bot = request.header("botid");
    let admitted =
        access::admit(request.header("authorization"), parts.store.key()?.as_deref(), parts.store.bot(bot)?);
    match admitted.and(opened.ticket) {
        Ok(ticket) => {
            reply_later(parts, bot.unwrap_or_default(), &ticket)?;
            let answer = Answer::empty(200);
            end_entry(parts, seq, Some(answer.status), None)?;
            Ok(answer)
        }
        Err(cause) => {
            let answer = Answer::refused(cause);
            end_entry(parts, seq, Some(answer.status), Some(cause))?;
            Ok(answer)
        }
    }
}

fn reply_later(parts: &Parts, bot: &str, ticket: &Ticket) -> Result<()> {
    let lines = parts.agent.script(&parts.store)?.answer(ticket);
    parts.store.add_replies(bot, &ticket.conversation, &lines, now_ms())
}

fn end_entry(parts: &Parts, seq: i64, status: Option<u16>, cause: Option<Cause>) -> Result<()> {
    let cause = cause.map(Cause::code);
    parts.store.end_entry(seq, status, cause, None)
}
