//! Direct: sent once, answered with what became of it. Nothing of the event is kept.

use worker::Env;

use super::Ticket;
use crate::api::{Outcome, TicketRequest};
use crate::relay::clock::now_ms;
use crate::relay::config::Config;
use crate::relay::failure::Answer;
use crate::relay::log::Line;
use crate::relay::objects::{Object, standing, stats};
use crate::relay::problem::Problem;
use crate::relay::response::Response;
use crate::relay::span::Span;
use crate::relay::stats::Counted;
use crate::relay::upstream;

pub(super) async fn send(ticket: &Ticket<'_>, env: &Env, config: &Config, span: &Span) -> Answer {
    expect_replies(env, ticket).await?;
    let credentials = ticket.api.credentials(ticket.bot_id.clone());
    let call = TicketRequest::new(&ticket.api.base_url, &credentials);
    let start_ms = now_ms();
    let answer = upstream::send(&call, span.trace, &ticket.buffer(), config.api_timeout_ms).await;
    count(answer.outcome, start_ms);
    // What we note of an answer must not change it: an event that the API has is never sent twice
    // because our own storage failed.
    if ticket.bot_id == ticket.api.bot_id && standing::note(env, ticket.api, answer.outcome).await.is_err() {
        span.log(Line::new("standing-not-noted"));
    }
    if answer.outcome != Outcome::Acknowledged {
        let problem = Problem::of_outcome(answer.outcome, answer.retry_after);
        let (status, api_status) = (Some(problem.status()), answer.outcome.status());
        span.log(Line { status, api_status, ..Line::new(problem.code()) });
        return Err(problem.into());
    }
    Ok(Response::empty(200))
}

/// An event that the API has was accepted when it came, and is delivered with its only try.
fn count(outcome: Outcome, start_ms: u64) {
    stats::count(Counted::Tried(outcome));
    if outcome == Outcome::Acknowledged {
        let took_ms = now_ms().saturating_sub(start_ms);
        stats::count(Counted::Accepted);
        stats::count(Counted::Delivered { took_ms, tries: 1 });
    }
}

/// Replies of our own bot are taken from whatever conversation; those of another only where they are
/// expected. Before the event is sent: a reply may be there first.
async fn expect_replies(env: &Env, ticket: &Ticket<'_>) -> worker::Result<()> {
    if ticket.bot_id == ticket.api.bot_id {
        return Ok(());
    }
    let object = Object::conversation(env, ticket.bot_id.as_str(), ticket.event.conversation_id());
    object.call("POST", "/expect", Some(&serde_json::to_string(&ticket.address())?)).await.map(drop)
}
