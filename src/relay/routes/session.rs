//! `POST /sessions`: a token for somebody without a key.

use serde::Serialize;

use crate::relay::clock::now_ms;
use crate::relay::config::Config;
use crate::relay::failure::Answer;
use crate::relay::problem::Problem;
use crate::relay::request::Request;
use crate::relay::response::Response;
use crate::relay::session_wish::{SessionWish, unfit};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Granted<'a> {
    token: &'a str,
    expires_ms: u64,
    kid: &'a str,
}

/// Mints a token.
pub(in crate::relay) async fn mint(request: &Request, config: &Config) -> Answer {
    let sessions = config.sessions.as_ref().ok_or_else(Problem::no_sessions)?;
    let limits = &config.policy.limits;
    let body = request.json(limits.max_body_bytes).await?;
    let wish = SessionWish::read(&body, limits).map_err(|rejected| Problem::invalid("session", rejected))?;
    let now_ms = now_ms();
    let session = wish.session(now_ms);
    let minted =
        sessions.mint(&session, now_ms).map_err(|reason| Problem::invalid("session", unfit(reason)))?;
    let granted = Granted { token: &minted.token, expires_ms: session.expires_ms, kid: minted.kid };
    Ok(Response::json(201, serde_json::to_string(&granted)?))
}
