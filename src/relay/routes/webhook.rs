//! `POST /webhooks/ticket[/{secret}]`: the agent's replies come in.

use worker::{Env, web_sys};

use crate::relay::config::Config;
use crate::relay::failure::Answer;
use crate::relay::http;
use crate::relay::objects::Object;
use crate::relay::problem::Problem;
use crate::reply;

/// Stores a reply, then answers.
///
/// Whose it is must be proven first. No page of the vendor says how its webhook carries the secret,
/// so both ways that work with any sender are open: the end of the path, and a header.
pub(in crate::relay) async fn receive(
    request: &web_sys::Request,
    env: &Env,
    config: &Config,
    path_secret: Option<String>,
) -> Answer {
    if config.webhook_secrets.is_empty() {
        return Err(Problem::not_configured().into());
    }
    let header_secret = || http::header(request, &config.webhook_header);
    let proven =
        |secret: Option<String>| secret.is_some_and(|secret| config.webhook_secrets.contain(&secret));
    if !proven(path_secret) && !proven(header_secret()) {
        return Err(Problem::webhook_unproven().into());
    }
    let limits = &config.policy.limits;
    let body = http::body(request, limits.max_reply_bytes).await?;
    let reply = reply::parse_json(&body, limits).map_err(|rejected| Problem::invalid("reply", rejected))?;
    let default_bot_id = config.api.as_ref().map(|api| api.bot_id.as_str());
    let bot_id = reply.bot_id.as_deref().or(default_bot_id).ok_or_else(Problem::not_configured)?;
    let object = Object::conversation(env, bot_id, &reply.platform_conversation_id)?;
    object.call("POST", "/reply", Some(&serde_json::to_string(&reply)?)).await?;
    Ok(http::empty(&[])?)
}
