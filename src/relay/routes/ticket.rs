//! `POST /converse/ticket`, direct: checked, sent once, answered with what became of it.

use worker::{Env, web_sys};

use crate::api::{Outcome, TicketRequest};
use crate::event::{BotId, TicketEvent, Warning, check_json};
use crate::relay::caller::bot_id;
use crate::relay::config::Config;
use crate::relay::failure::Answer;
use crate::relay::log::Line;
use crate::relay::objects::{Object, standing};
use crate::relay::problem::Problem;
use crate::relay::transcript::kept;
use crate::relay::{http, upstream};

/// The most warnings that a header lists.
const MAX_LISTED_WARNINGS: usize = 20;

/// Sends an event on.
pub(in crate::relay) async fn send(request: &web_sys::Request, env: &Env, config: &Config) -> Answer {
    let body = http::json_body(request, config.policy.limits.max_body_bytes).await?;
    let accepted =
        check_json(&body, &config.policy).map_err(|rejected| Problem::invalid("event", rejected))?;
    let bot_id = bot_id(request, config)?;
    let api = config.api.as_ref().ok_or_else(Problem::not_configured)?;
    let credentials = api.credentials(bot_id.clone());
    let call = TicketRequest::new(&api.base_url, &credentials);
    let answer = if accepted.verbatim {
        upstream::send(&call, &body, config.api_timeout_ms).await
    } else {
        upstream::send(&call, accepted.event.to_json().as_bytes(), config.api_timeout_ms).await
    };
    // What we note of an answer must not change it: an event that the API has is never sent twice
    // because our own storage failed.
    if bot_id == api.bot_id && standing::note(env, api, answer.outcome).await.is_err() {
        Line::new("standing-not-noted").write();
    }
    if answer.outcome != Outcome::Acknowledged {
        let problem = Problem::of_outcome(answer.outcome, answer.retry_after);
        let (status, api_status) = (Some(problem.status()), answer.outcome.status());
        Line { status, api_status, ..Line::new(problem.code()) }.write();
        return Err(problem.into());
    }
    keep(env, &bot_id, &accepted.event).await;
    acknowledge(accepted.warnings.iter().cloned().chain(Warning::about_bot_id(&bot_id)))
}

/// Puts an event into its conversation. The API has it already: should this fail, the caller must
/// not be told to send it again.
async fn keep(env: &Env, bot_id: &BotId<'_>, event: &TicketEvent<'_>) {
    let stored = async {
        let object = Object::conversation(env, bot_id.as_str(), event.conversation_id())?;
        object.call("POST", "/event", Some(&kept(event))).await
    };
    if stored.await.is_err() {
        Line::new("transcript-incomplete").write();
    }
}

/// An empty 200, as the API answers. Warnings travel in a header: code and place, no values.
fn acknowledge(warnings: impl Iterator<Item = Warning>) -> Answer {
    let warnings: Vec<String> = warnings
        .take(MAX_LISTED_WARNINGS)
        .map(|warning| format!("{} {}", warning.code(), warning.pointer()).trim_end().to_owned())
        .collect();
    let listed = warnings.join(", ");
    let headers = [("ticketwire-warnings", listed.as_str())];
    Ok(http::empty(if warnings.is_empty() { &[] } else { &headers })?)
}
