//! Which request means what.

use serde::Serialize;

/// One row of [`ROUTES`].
#[derive(Debug, Serialize)]
pub(super) struct Route {
    method: &'static str,
    path: &'static str,
    does: &'static str,
    #[serde(skip)]
    action: Action,
}

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Ticket,
    About,
    Ready,
    Journal,
    NewKey,
    Bots,
    SetBot,
    RemoveBot,
    Webhook,
    SetWebhook,
    Script,
    SetScript,
    Faults,
    AddFault,
    ClearFaults,
    SetSeed,
    Reset,
}

/// Where no route leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoRoute {
    /// As the API has it: nothing but a status.
    NoSuchEndpoint,
    NoSuchAdminPath,
    /// The methods that the path takes.
    WrongAdminMethod(String),
}

const ADMIN: &str = "/__admin/";

macro_rules! routes {
    ($($method:ident $path:literal => $action:ident, $does:literal;)*) => {
        /// Every route of the emulator.
        pub(super) const ROUTES: &[Route] = &[$(Route {
            method: stringify!($method),
            path: $path,
            does: $does,
            action: Action::$action,
        },)*];
    };
}

routes! {
    POST "/converse/ticket" => Ticket, "the Ticket API";
    GET "/" => About, "what this is";
    GET "/__admin/ready" => Ready, "200 when the emulator works as configured, 503 and why when it doesn't";
    GET "/__admin/journal" => Journal, "what was received and sent; ?conversation= ?kind=event|webhook ?after=seq ?limit= ?format=json|ndjson";
    POST "/__admin/keys" => NewKey, "makes a new key and kills the old one at once";
    GET "/__admin/bots" => Bots, "the bots";
    PUT "/__admin/bots/{id}" => SetBot, "adds or changes a bot: {\"customCrm\": true}";
    DELETE "/__admin/bots/{id}" => RemoveBot, "removes a bot";
    GET "/__admin/webhook" => Webhook, "where replies go; the secret is not shown";
    PUT "/__admin/webhook" => SetWebhook, "sends replies elsewhere: {\"url\": \"http://…\", \"secret\": \"…\", \"header\": \"X-API-Key\", \"proof\": \"secret\" | \"zendesk\" | \"standard-webhooks\"}";
    GET "/__admin/script" => Script, "what the agent answers to which text";
    PUT "/__admin/script" => SetScript, "puts another script in its place";
    GET "/__admin/faults" => Faults, "the faults that are still to come";
    POST "/__admin/faults" => AddFault, "orders a fault, or a list of faults for the same requests: {\"fault\": {\"kind\": \"status\", \"status\": 503, \"retryAfter\": 30}, \"times\": 1 | \"always\", \"chance\": 0.1, \"conversation\": \"…\"}; other kinds: pass, {latency, ms}, no-answer, drop, {ack-lost, status}, no-reply, {reply-late, ms}, reply-twice, reply-reversed, reply-before-ack, reply-wrong-proof, {reply-stale-proof, ms}";
    DELETE "/__admin/faults" => ClearFaults, "no more faults";
    PUT "/__admin/seed" => SetSeed, "begins anew with the dice that decide chances: {\"seed\": 1}";
    POST "/__admin/reset" => Reset, "back to the configured defaults, with an empty journal";
}

/// The action for a request, and what stands in the place of `{id}` in its path.
pub(super) fn find<'p>(method: &str, path: &'p str) -> Result<(Action, &'p str), NoRoute> {
    let mut allowed = Vec::new();
    for route in ROUTES {
        match parameter(route.path, path) {
            Some(parameter) if route.method == method => return Ok((route.action, parameter)),
            Some(_) => allowed.push(route.method),
            None => {}
        }
    }
    Err(if !path.starts_with(ADMIN) {
        NoRoute::NoSuchEndpoint
    } else if allowed.is_empty() {
        NoRoute::NoSuchAdminPath
    } else {
        NoRoute::WrongAdminMethod(allowed.join(", "))
    })
}

/// What stands in the place of `{id}`; empty where the template has none; none where it differs.
fn parameter<'p>(template: &str, path: &'p str) -> Option<&'p str> {
    match template.strip_suffix("{id}") {
        Some(prefix) => path.strip_prefix(prefix).filter(|id| !id.is_empty() && !id.contains('/')),
        None => (template == path).then_some(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_found() {
        for route in ROUTES {
            let path = route.path.replace("{id}", "bot-1");
            let parameter = if path == route.path { "" } else { "bot-1" };
            assert_eq!(find(route.method, &path), Ok((route.action, parameter)));
        }
    }

    #[test]
    fn where_no_route_leads() {
        for (method, path) in [
            ("GET", "/converse/ticket"),
            ("OPTIONS", "/converse/ticket"),
            ("post", "/converse/ticket"),
            ("POST", "/converse/ticket/"),
            ("POST", "/converse/chat"),
            ("POST", "/"),
            ("GET", "/__admin"),
        ] {
            assert_eq!(find(method, path), Err(NoRoute::NoSuchEndpoint), "{method} {path}");
        }
        for path in ["/__admin/", "/__admin/tea", "/__admin/bots/", "/__admin/bots/a/b"] {
            assert_eq!(find("GET", path), Err(NoRoute::NoSuchAdminPath), "{path}");
        }
        let allowed = NoRoute::WrongAdminMethod("GET, PUT".to_owned());
        assert_eq!(find("POST", "/__admin/script"), Err(allowed));
    }
}
