//! `POST /webhooks/ticket[/{secret}]`: the agent's replies come in.

use worker::{Env, web_sys};

use crate::relay::config::Config;
use crate::relay::envelope::{Address, seal};
use crate::relay::failure::{Answer, Failure};
use crate::relay::http;
use crate::relay::log::Line;
use crate::relay::objects::Object;
use crate::relay::problem::Problem;
use crate::reply;

/// Stores a reply, then answers. What is refused is an answer that somebody waits for: the log has it.
pub(in crate::relay) async fn receive(
    request: &web_sys::Request,
    env: &Env,
    config: &Config,
    path_secret: Option<String>,
) -> Answer {
    let answer = async {
        prove(request, config, path_secret)?;
        store(request, env, config).await
    }
    .await;
    if let Err(Failure::Problem(problem)) = &answer {
        Line { status: Some(problem.status()), cause: Some(problem.code()), ..Line::new("webhook-refused") }
            .write();
    }
    answer
}

/// Lets in who shows one of our secrets. No page of the vendor says how its webhook carries one, so
/// both ways that work with any sender are open: the end of the path, and a header.
fn prove(request: &web_sys::Request, config: &Config, path_secret: Option<String>) -> Result<(), Problem> {
    if config.webhook_secrets.is_empty() {
        return Err(Problem::not_configured());
    }
    let header_secret = || http::header(request, &config.webhook_header);
    let proven =
        |secret: Option<String>| secret.is_some_and(|secret| config.webhook_secrets.contain(&secret));
    if proven(path_secret) || proven(header_secret()) { Ok(()) } else { Err(Problem::webhook_unproven()) }
}

/// Puts a reply into its conversation, word for word.
async fn store(request: &web_sys::Request, env: &Env, config: &Config) -> Answer {
    let limits = &config.policy.limits;
    let body = http::body(request, limits.max_reply_bytes).await?;
    let reply = reply::parse_json(&body, limits).map_err(|rejected| Problem::invalid("reply", rejected))?;
    let default_bot_id = config.api.as_ref().map(|api| api.bot_id.as_str());
    let bot_id = reply.bot_id.as_deref().or(default_bot_id).ok_or_else(Problem::not_configured)?;
    let object = Object::conversation(env, bot_id, &reply.platform_conversation_id)?;
    let text = String::from_utf8_lossy(&body);
    let address =
        Address { bot_id: bot_id.into(), conversation_id: reply.platform_conversation_id.as_str().into() };
    let sealed = seal(&address, text.trim_start_matches('\u{feff}'))?;
    object.call("POST", "/reply", Some(&sealed)).await?;
    Ok(http::empty(&[])?)
}
