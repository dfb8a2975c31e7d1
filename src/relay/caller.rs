//! Who calls, and for which bot.

use worker::web_sys;

use super::config::Config;
use super::http;
use super::problem::Problem;
use crate::event::BotId;

/// Lets in who shows one of the relay's keys: as a bearer token, or raw, as the vendor's API takes
/// its own key, so that a plugin need change only its base URL.
pub(super) fn admit(request: &web_sys::Request, config: &Config) -> Result<(), Problem> {
    if config.relay_keys.is_empty() {
        return Err(Problem::not_configured());
    }
    let header = http::header(request, "authorization").ok_or_else(Problem::no_key)?;
    let key = match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => header.as_str(),
    };
    if config.relay_keys.contain(key) { Ok(()) } else { Err(Problem::wrong_key()) }
}

/// The bot that a request is for: its header `botid`, else the one configured.
pub(super) fn bot_id(request: &web_sys::Request, config: &Config) -> Result<BotId<'static>, Problem> {
    match http::header(request, "botid") {
        Some(id) => BotId::parse(id, &config.policy.limits).map_err(|fault| Problem::invalid_bot_id(&fault)),
        None => config.api.as_ref().map(|api| api.bot_id.clone()).ok_or_else(Problem::not_configured),
    }
}
