//! Who calls, and for which bot.

use worker::{Date, web_sys};

use super::access::{Action, Asked, Caller, Credential, Target, decide, identify};
use super::config::Config;
use super::http;
use super::problem::Problem;
use crate::event::BotId;

/// Lets in who may do this: the one place that asks. What is open to all is open to who shows
/// something that we don't know, too.
pub(super) fn admit(
    request: &web_sys::Request,
    config: &Config,
    action: Action,
    target: Target<'_>,
    query: &str,
) -> Result<Caller, Problem> {
    let credential = credential(request, action, query);
    let now_ms = Date::now().as_millis();
    let caller = match identify(&credential, &config.relay_keys, config.sessions.as_ref(), now_ms) {
        Err(_) if action.is_open() => Caller::Anyone,
        caller => caller?,
    };
    check(request, config, action, &caller, target)?;
    Ok(caller)
}

/// Whether a caller that was let in may do this to what it turns out to be about.
pub(super) fn check(
    request: &web_sys::Request,
    config: &Config,
    action: Action,
    caller: &Caller,
    target: Target<'_>,
) -> Result<(), Problem> {
    let (bot_id, origin) = (http::header(request, "botid"), http::header(request, "origin"));
    let asked = Asked {
        target,
        bot_id: bot_id.as_deref(),
        default_bot_id: config.api.as_ref().map(|api| api.bot_id.as_str()),
        origin: origin.as_deref(),
    };
    Ok(decide(action, caller, &asked)?)
}

/// A key or a token: as a bearer token, or raw, as the vendor's API takes its own key, so that a plugin
/// need change only its base URL.
fn credential(request: &web_sys::Request, action: Action, query: &str) -> Credential {
    if let Some(header) = http::header(request, "authorization") {
        return match header.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
                Credential::Header(token.trim().to_owned())
            }
            _ => Credential::Header(header),
        };
    }
    let token = query.split('&').find_map(|pair| pair.strip_prefix("token="));
    match token.filter(|_| action == Action::Follow) {
        Some(token) => Credential::Query(token.to_owned()),
        None => Credential::Nothing,
    }
}

/// The bot that a request is for: its header `botid`, else that of its token, else the one configured.
pub(super) fn bot_id(
    request: &web_sys::Request,
    config: &Config,
    caller: &Caller,
) -> Result<BotId<'static>, Problem> {
    match http::header(request, "botid") {
        Some(id) => BotId::parse(id, &config.policy.limits).map_err(|fault| Problem::invalid_bot_id(&fault)),
        None => {
            let configured = || config.api.as_ref().map(|api| api.bot_id.clone());
            caller.bot_id().cloned().or_else(configured).ok_or_else(Problem::not_configured)
        }
    }
}
