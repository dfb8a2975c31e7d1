//! `POST /converse/ticket`: an event comes in, is checked, and goes on its way.

mod direct;
mod durable;

use std::borrow::Cow;

use js_sys::ArrayBuffer;
use worker::Env;

use crate::event::{BotId, TicketEvent, Warning, check_json};
use crate::relay::access::{Action, Caller, Target};
use crate::relay::caller::{bot_id, check};
use crate::relay::config::{Api, Config, Mode};
use crate::relay::envelope::Address;
use crate::relay::failure::Answer;
use crate::relay::problem::Problem;
use crate::relay::request::{Bytes, Request, buffer};
use crate::relay::span::Span;

/// The most warnings that a header lists.
const MAX_LISTED_WARNINGS: usize = 20;

/// Two ids that every URL parser takes for something else: what was stored under them could be
/// neither read nor deleted.
const UNREACHABLE_ID: &str = "`.` and `..` can't stand in the path of a URL: choose another id";

/// A checked event, and where it is to go.
struct Ticket<'a> {
    event: &'a TicketEvent<'a>,
    /// As it came.
    body: &'a Bytes,
    /// As it is to be sent, where that is not the same.
    rewritten: Option<String>,
    bot_id: BotId<'static>,
    api: &'a Api,
    caller: &'a Caller,
}

impl Ticket<'_> {
    /// What is to be sent, as text. What was checked is UTF-8, so this borrows.
    fn text(&self) -> Cow<'_, str> {
        self.rewritten.as_deref().map_or_else(|| String::from_utf8_lossy(self.body), Cow::Borrowed)
    }

    /// What is to be sent, for the platform.
    fn buffer(&self) -> ArrayBuffer {
        self.rewritten.as_ref().map_or_else(|| self.body.buffer(), |text| buffer(text.as_bytes()))
    }

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
    request: &Request,
    env: &Env,
    config: &Config,
    caller: &Caller,
    span: &Span,
) -> Answer {
    let body = request.json(config.policy.limits.max_body_bytes).await?;
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
    let ticket = Ticket { event: &accepted.event, body: &body, rewritten, bot_id, api, caller };
    let answer = match config.delivery {
        Mode::Direct => direct::send(&ticket, env, config, span).await,
        Mode::Durable => durable::send(&ticket, request, env, config, span).await,
    }?;
    Ok(answer.with_all(warnings.map(|warnings| ("ticketwire-warnings", warnings.into()))))
}

/// Warnings as a header has them: code and place, no values.
fn listed(warnings: impl Iterator<Item = Warning>) -> Option<String> {
    let warnings: Vec<String> = warnings
        .take(MAX_LISTED_WARNINGS)
        .map(|warning| format!("{} {}", warning.code(), warning.pointer()).trim_end().to_owned())
        .collect();
    (!warnings.is_empty()).then(|| warnings.join(", "))
}
