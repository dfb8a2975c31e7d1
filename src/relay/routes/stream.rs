//! `GET /conversations/{id}/stream`: replies and states as they happen.

use worker::{Env, web_sys};

use crate::event::BotId;
use crate::relay::access::Caller;
use crate::relay::clock::now_ms;
use crate::relay::config::Config;
use crate::relay::cursor;
use crate::relay::event_stream;
use crate::relay::failure::Answer;
use crate::relay::feed::Opening;
use crate::relay::link::Link;
use crate::relay::objects::Object;
use crate::relay::problem::Problem;
use crate::relay::request::Request;
use crate::relay::response::Response;

use super::conversation::conversation_id;

/// The least that a reader is asked to wait before it connects again, in milliseconds. As much at
/// random comes on top: streams that end together shall not come back together.
const RETRY_MS: u64 = 1_000;

/// Follows a conversation: as server-sent events or, where that is asked for, by WebSocket.
pub(in crate::relay) async fn follow(
    request: &Request,
    env: &Env,
    config: &Config,
    caller: &Caller,
    bot_id: &BotId<'_>,
    id: &str,
    query: &str,
) -> Answer {
    let id = conversation_id(id)?;
    if is_upgrade(request) {
        admit_page(request, config)?;
    }
    let opening = opening(request, config, caller, query)?;
    let object = Object::conversation(env, bot_id.as_str(), &id);
    let response = object.upgrade(&format!("/stream?{}", opening.query())).await?;
    match response.status() {
        // The socket is the object's own: once it is open, the Worker has no part in it.
        101 if is_upgrade(request) => Ok(Response::socket(response)),
        101 => server_sent_events(response, opening),
        _ => Err(Problem::too_many_streams().into()),
    }
}

/// It ends with its time, or with the token that it was opened with.
fn opening(request: &Request, config: &Config, caller: &Caller, query: &str) -> Result<Opening, Problem> {
    let after = cursor::after(request.header("last-event-id").as_deref(), query)
        .ok_or_else(|| Problem::invalid_query(cursor::EXPECTED))?;
    let until_ms = now_ms().saturating_add(config.stream_ms);
    let expires_ms = caller.session().map_or(u64::MAX, |session| session.expires_ms);
    Ok(Opening { after, until_ms: until_ms.min(expires_ms), is_bound_to_token: expires_ms <= until_ms })
}

/// No browser asks whether a page may open a WebSocket, so we do. A page of our own may.
fn admit_page(request: &Request, config: &Config) -> Result<(), Problem> {
    let Some(origin) = request.header("origin") else {
        return Ok(());
    };
    let rest = request.url().strip_prefix(&*origin).map(|rest| rest.starts_with('/'));
    if rest == Some(true) || config.origins.list(&origin) {
        return Ok(());
    }
    Err(Problem::foreign_page())
}

fn is_upgrade(request: &Request) -> bool {
    request.header("upgrade").is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket"))
}

fn server_sent_events(response: web_sys::Response, opening: Opening) -> Answer {
    let socket = worker::Response::from(response).websocket().ok_or_else(Problem::internal)?;
    let retry_ms = RETRY_MS + (js_sys::Math::random() * RETRY_MS as f64) as u64;
    let body = event_stream::body(Link::of(socket)?, opening, retry_ms)?;
    Ok(Response::stream("text/event-stream", body))
}
