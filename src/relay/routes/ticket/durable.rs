//! Durable: stored first, then sent until the API has it.

use std::borrow::Cow;

use worker::Env;

use super::Ticket;
use crate::relay::config::Config;
use crate::relay::envelope::{Envelope, seal};
use crate::relay::failure::{Answer, Failure};
use crate::relay::keys::{digest, hex};
use crate::relay::log::Line;
use crate::relay::objects::Object;
use crate::relay::problem::Problem;
use crate::relay::receipt::Receipt;
use crate::relay::report::Report;
use crate::relay::request::Request;
use crate::relay::response::Response;
use crate::relay::span::Span;
use crate::relay::transcript::kept;

pub(super) async fn send(
    ticket: &Ticket<'_>,
    request: &Request,
    env: &Env,
    config: &Config,
    span: &Span,
) -> Answer {
    let key = idempotency_key(request, config)?;
    let respond_async = prefers_async(request);
    let body = ticket.text();
    let transcript = kept(ticket.event)?;
    let envelope = Envelope {
        address: ticket.address(),
        is_default_bot: request.header("botid").is_none() && ticket.caller.bot_id().is_none(),
        key: key.map(|key| (Cow::Owned(hex(&digest(&key))), Cow::Owned(hex(&digest(&body))))),
        respond_async,
        max_per_minute: ticket
            .caller
            .session()
            .and(config.sessions.as_ref())
            .map(|sessions| sessions.events_per_minute),
        trace: span.trace.map(|trace| trace.to_string()),
        request: Some(span.request.as_str().into()),
        transcript: &transcript,
    };
    let object = Object::conversation(env, ticket.bot_id.as_str(), ticket.event.conversation_id());
    match hand_over(&object, &seal(&envelope, &body)?).await {
        Ok(Receipt::Taken { is_repeat, report }) => answer(&report, is_repeat, respond_async),
        Ok(Receipt::KeyReused) => Err(Problem::idempotency_key_reused().into()),
        Ok(Receipt::Full) => Err(refused(Problem::too_many_waiting(), span)),
        Ok(Receipt::TooMany { retry_after_s }) => Err(Problem::too_many_events(retry_after_s).into()),
        Ok(Receipt::Forgotten) => Err(Problem::forgotten().into()),
        Ok(Receipt::NotParked { .. }) | Err(_) => Err(refused(Problem::not_stored(), span)),
    }
}

async fn hand_over(object: &Object<'_>, sealed: &str) -> worker::Result<Receipt> {
    object.ask("POST", "/accept", Some(sealed)).await
}

/// A problem that whoever runs the relay should know of.
fn refused(problem: Problem, span: &Span) -> Failure {
    span.log(Line { status: Some(problem.status()), ..Line::new(problem.code()) });
    problem.into()
}

/// An empty 200 once the API has acknowledged the event, as it would itself; else a 202 that says
/// where the event stands.
fn answer(report: &Report, is_repeat: bool, respond_async: bool) -> Answer {
    let answer = if report.is_delivered() {
        Response::empty(200)
    } else {
        Response::json(202, serde_json::to_string(report)?).with("location", format!("/events/{}", report.id))
    };
    let replayed = is_repeat.then_some(("idempotency-replayed", "true".into()));
    let applied = respond_async.then_some(("preference-applied", "respond-async".into()));
    Ok(answer.with("ticketwire-event", report.id.clone()).with_all(replayed).with_all(applied))
}

/// The header `Idempotency-Key`, where there is one.
fn idempotency_key<'r>(request: &'r Request, config: &Config) -> Result<Option<Cow<'r, str>>, Problem> {
    let Some(key) = request.header("idempotency-key") else {
        return Ok(None);
    };
    let max_bytes = config.policy.limits.max_idempotency_key_bytes;
    let is_key = (1..=max_bytes).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    if is_key { Ok(Some(key)) } else { Err(Problem::invalid_idempotency_key(max_bytes)) }
}

/// Whether the caller would rather not wait for the first try (RFC 7240).
fn prefers_async(request: &Request) -> bool {
    let preferences = request.header("prefer").unwrap_or_default();
    preferences.split(',').any(|preference| {
        let token = preference.split(';').next().unwrap_or_default().trim();
        token.eq_ignore_ascii_case("respond-async")
    })
}
