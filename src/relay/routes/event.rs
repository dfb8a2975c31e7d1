//! `GET /events/{id}`: where an event stands. `POST /events/{id}/replay`: send it again.

use worker::Env;

use crate::relay::event_id::EventId;
use crate::relay::failure::Answer;
use crate::relay::objects::Object;
use crate::relay::problem::Problem;
use crate::relay::receipt::Receipt;
use crate::relay::report::Report;
use crate::relay::response::Response;
use crate::relay::span::Span;

/// Says where an event stands.
pub(in crate::relay) async fn report(env: &Env, id: &str) -> Answer {
    let report: Option<Report> = call(env, "GET", "report", id, None).await?;
    let report = report.ok_or_else(Problem::no_such_event)?;
    Ok(Response::json(200, serde_json::to_string(&report)?))
}

/// Sends a parked event again: once per call, and at once.
pub(in crate::relay) async fn replay(env: &Env, id: &str, span: &Span) -> Answer {
    match call::<Receipt>(env, "POST", "replay", id, Some(&span.request)).await? {
        Some(Receipt::Taken { report, .. }) => {
            let status = if report.is_delivered() { 200 } else { 202 };
            Ok(Response::json(status, serde_json::to_string(&report)?))
        }
        Some(_) => Err(Problem::not_parked().into()),
        None => Err(Problem::no_such_event().into()),
    }
}

/// Asks the object that has the event; `None` where none has it.
async fn call<T: serde::de::DeserializeOwned>(
    env: &Env,
    method: &str,
    what: &str,
    id: &str,
    body: Option<&str>,
) -> worker::Result<Option<T>> {
    let Some(id) = EventId::parse(id) else {
        return Ok(None);
    };
    let path = format!("/{what}?seq={}", id.seq);
    Object::of_event(env, &id).ask(method, &path, body).await
}
