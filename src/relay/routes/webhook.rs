//! `POST /webhooks/ticket[/{secret}]`: the agent's replies come in.

use std::borrow::Cow;

use worker::Env;

use crate::relay::clock::now_ms;
use crate::relay::config::{Config, Mode};
use crate::relay::envelope::{Address, seal};
use crate::relay::failure::{Answer, Failure};
use crate::relay::log::Line;
use crate::relay::objects::Object;
use crate::relay::problem::Problem;
use crate::relay::request::{Bytes, Request};
use crate::relay::response::Response;
use crate::relay::span::Span;
use crate::reply::Sorted;

/// Stores a reply, then answers. What is refused is an answer that somebody waits for: the log has it.
pub(in crate::relay) async fn receive(
    request: &Request,
    env: &Env,
    config: &Config,
    path_secret: Option<String>,
    span: &Span,
) -> Answer {
    let answer = async {
        let body = proven_body(request, config, path_secret.as_deref()).await?;
        store(&body, env, config).await
    }
    .await;
    if let Err(Failure::Problem(problem)) = &answer {
        let (status, cause) = (Some(problem.status()), Some(problem.code()));
        span.log(Line { status, cause, ..Line::new("webhook-refused") });
    }
    answer
}

/// The body of a webhook that proves itself. A stranger's, who shows nothing, is not even read.
async fn proven_body(
    request: &Request,
    config: &Config,
    path_secret: Option<&str>,
) -> Result<Bytes, Problem> {
    let proofs = &config.webhook;
    if proofs.is_empty() {
        return Err(Problem::not_configured());
    }
    let refused = |reason| Problem::webhook_unproven(reason, &proofs.ways());
    let shown =
        proofs.shown(path_secret, |name| request.header(name).map(Cow::into_owned)).map_err(refused)?;
    let body = request.bytes(config.policy.limits.max_reply_bytes).await?;
    proofs.check(shown, &body, now_ms()).map_err(refused)?;
    Ok(body)
}

/// Puts a reply into its conversation, word for word, where that is known.
async fn store(body: &[u8], env: &Env, config: &Config) -> Answer {
    let reply =
        Sorted::read(body, &config.policy.limits).map_err(|rejected| Problem::invalid("reply", rejected))?;
    let (its_bot_id, conversation) = (reply.bot_id(), reply.conversation);
    let our_bot_id = config.api.as_ref().map(|api| api.bot_id.as_str());
    let bot_id = its_bot_id.as_deref().or(our_bot_id).ok_or_else(Problem::not_configured)?;
    let object = Object::conversation(env, bot_id, &conversation);
    // Sent directly, an event is kept once the API has it, which may be after its reply has come.
    let may_be_first = config.delivery == Mode::Direct && Some(bot_id) == our_bot_id;
    let path = if may_be_first { "/first-reply" } else { "/reply" };
    let text = String::from_utf8_lossy(body);
    let address = Address { bot_id: bot_id.into(), conversation_id: conversation.as_str().into() };
    let sealed = seal(&address, text.trim_start_matches('\u{feff}'))?;
    let is_kept: bool = object.ask("POST", path, Some(&sealed)).await?;
    if is_kept { Ok(Response::empty(200)) } else { Err(Problem::reply_without_conversation().into()) }
}
