//! `POST /converse/ticket`: an event comes in, is checked, and goes on its way.

mod direct;
mod durable;

use worker::{Env, web_sys};

use crate::event::{BotId, TicketEvent, Warning, check_json};
use crate::relay::access::{Action, Caller, Target};
use crate::relay::caller::{bot_id, check};
use crate::relay::config::{Api, Config, Mode};
use crate::relay::envelope::Address;
use crate::relay::failure::Answer;
use crate::relay::http;
use crate::relay::problem::Problem;
use crate::relay::span::Span;

/// The most warnings that a header lists.
const MAX_LISTED_WARNINGS: usize = 20;

/// Two ids that every URL parser takes for something else: what was stored under them could be
/// neither read nor deleted.
const UNREACHABLE_ID: &str = "`.` and `..` can't stand in the path of a URL: choose another id";

/// A checked event, and where it is to go.
struct Ticket<'a> {
    event: &'a TicketEvent<'a>,
    /// As it is to be sent.
    body: &'a [u8],
    bot_id: BotId<'static>,
    api: &'a Api,
    caller: &'a Caller,
}

impl Ticket<'_> {
    /// Whose conversation it is of.
    fn address(&self) -> Address<'_> {
        Address {
            bot_id: self.bot_id.as_str().into(),
            conversation_id: self.event.conversation_id().as_str().into(),
        }
    }
}

/// Takes an event.
pub(in crate::relay) async fn send(
    request: &web_sys::Request,
    env: &Env,
    config: &Config,
    caller: &Caller,
    span: &Span,
) -> Answer {
    let body = http::json_body(request, config.policy.limits.max_body_bytes).await?;
    let accepted =
        check_json(&body, &config.policy).map_err(|rejected| Problem::invalid("event", rejected))?;
    if matches!(accepted.event.conversation_id().as_str(), "." | "..") {
        return Err(Problem::invalid_conversation_id(UNREACHABLE_ID).into());
    }
    let target = Target::Conversation(accepted.event.conversation_id().as_str());
    check(request, config, Action::Send, caller, target)?;
    let bot_id = bot_id(request, config, caller)?;
    let api = config.api.as_ref().ok_or_else(Problem::not_configured)?;
    let warnings = accepted.warnings.iter().cloned().chain(Warning::about_bot_id(&bot_id));
    let warnings = listed(warnings);
    let rewritten = (!accepted.verbatim).then(|| accepted.event.to_json());
    let body = rewritten.as_ref().map_or(body.as_slice(), String::as_bytes);
    let ticket = Ticket { event: &accepted.event, body, bot_id, api, caller };
    let answer = match config.delivery {
        Mode::Direct => direct::send(&ticket, env, config, span).await,
        Mode::Durable => durable::send(&ticket, request, env, config, span).await,
    }?;
    if let Some(warnings) = warnings {
        answer.headers().set("ticketwire-warnings", &warnings)?;
    }
    Ok(answer)
}

/// Warnings as a header has them: code and place, no values.
fn listed(warnings: impl Iterator<Item = Warning>) -> Option<String> {
    let warnings: Vec<String> = warnings
        .take(MAX_LISTED_WARNINGS)
        .map(|warning| format!("{} {}", warning.code(), warning.pointer()).trim_end().to_owned())
        .collect();
    (!warnings.is_empty()).then(|| warnings.join(", "))
}
