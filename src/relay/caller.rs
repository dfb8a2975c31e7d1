//! Who calls, and for which bot.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::access::{Action, Asked, Caller, Credential, Target, decide, identify};
use super::clock::now_ms;
use super::config::Config;
use super::keys::tag;
use super::problem::Problem;
use super::request::Request;
use crate::event::BotId;

/// Lets in who may do this: the one place that asks. What is open to all is open to who shows
/// something that we don't know, too.
pub(super) fn admit(
    request: &Request,
    config: &Config,
    action: Action,
    target: Target<'_>,
    query: &str,
) -> Result<Caller, Problem> {
    let credential = credential(request, action, query);
    let now_ms = now_ms();
    let caller = match identify(&credential, &config.relay_keys, config.sessions.as_ref(), now_ms) {
        Err(_) if action.is_open() => Caller::Anyone,
        caller => caller?,
    };
    check(request, config, action, &caller, target)?;
    Ok(caller)
}

/// What the requests of who was let in are counted under. Not at all: what asks nobody, and webhooks,
/// since the agent would not come again at our leisure.
pub(super) fn rate_key(request: &Request, action: Action, caller: &Caller) -> Option<String> {
    match (action, caller) {
        (Action::TakeReply | Action::SayHealth | Action::SayVersion, _) => None,
        (_, Caller::Anyone) => Some(address_key(request)),
        (_, Caller::Server) => match credential(request, action, "") {
            Credential::Header(key) => Some(format!("key:{}", tag(&key))),
            Credential::Query(_) | Credential::Nothing => None,
        },
        // Not the token: whoever gets a new one has not become another.
        (_, Caller::Session(session)) => {
            let bot_id = session.bot.as_ref().map_or("", |bot| bot.as_str());
            let ids: BTreeSet<_> = session.conversations.iter().map(|id| id.as_str()).collect();
            let ids = ids.into_iter().fold(bot_id.to_owned(), |all, id| format!("{all}\n{id}"));
            Some(format!("session:{}", tag(&ids)))
        }
    }
}

/// What those are counted under who show nothing of ours: where they call from, as the platform
/// tells us.
pub(super) fn address_key(request: &Request) -> String {
    let address = request.header("cf-connecting-ip").unwrap_or_default();
    format!("address:{}", tag(&network(address.into_owned())))
}

/// Who has an IPv6 address has a network of 2⁶⁴ of them.
fn network(address: String) -> String {
    match address.parse() {
        Ok(IpAddr::V6(address)) => format!("{:x}", u128::from(address) >> 64),
        _ => address,
    }
}

/// Whether a caller that was let in may do this to what it turns out to be about.
pub(super) fn check(
    request: &Request,
    config: &Config,
    action: Action,
    caller: &Caller,
    target: Target<'_>,
) -> Result<(), Problem> {
    let (bot_id, origin) = (request.header("botid"), request.header("origin"));
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
fn credential(request: &Request, action: Action, query: &str) -> Credential {
    if let Some(header) = request.header("authorization") {
        return match header.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
                Credential::Header(token.trim().to_owned())
            }
            _ => Credential::Header(header.into_owned()),
        };
    }
    let token = query.split('&').find_map(|pair| pair.strip_prefix("token="));
    match token.filter(|_| action == Action::Follow) {
        Some(token) => Credential::Query(token.to_owned()),
        None => Credential::Nothing,
    }
}

/// The bot that a request is for: its header `botid`, else that of its token, else the one configured.
pub(super) fn bot_id(request: &Request, config: &Config, caller: &Caller) -> Result<BotId<'static>, Problem> {
    match request.header("botid") {
        Some(id) => BotId::parse(id.into_owned(), &config.policy.limits)
            .map_err(|fault| Problem::invalid_bot_id(&fault)),
        None => {
            let configured = || config.api.as_ref().map(|api| api.bot_id.clone());
            caller.bot_id().cloned().or_else(configured).ok_or_else(Problem::not_configured)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn all_addresses_of_an_ipv6_network_count_as_one() {
        let network = |address: &str| network(address.to_owned());
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }
}
