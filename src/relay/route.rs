//! Which path is which route, and which methods it takes.

use percent_encoding::percent_decode_str;

use super::access::Target;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    /// The vendor's own path: send an event.
    Ticket,
    /// The agent's webhook; the secret, where it stands in the path.
    Webhook(Option<String>),
    /// A conversation, by its id.
    Conversation(String),
    /// A conversation as it goes on, by its id.
    Stream(String),
    /// An event that the relay delivers, by its id.
    Event(String),
    /// Send a parked event again, by its id.
    Replay(String),
    /// What is parked, across conversations.
    Parked,
    /// What waits after a failure, across conversations.
    Waiting,
    /// What the relay has done, minute by minute.
    Stats,
    /// A session for somebody without a key.
    Sessions,
    /// A call of another route, in a body.
    Calls,
    /// Is the Worker alive?
    Health,
    /// Is it configured, and does the API take its credentials?
    Ready,
    /// Which version is it?
    Version,
    /// What is all of this, for machines?
    OpenApi,
}

impl Route {
    /// The route of a path, percent-encoded as it stands in a URL.
    pub(super) fn of(path: &str) -> Option<Self> {
        let mut segments = path.strip_prefix('/')?.split('/');
        let route = match (segments.next()?, segments.next(), segments.next()) {
            ("converse", Some("ticket"), None) => Self::Ticket,
            ("webhooks", Some("ticket"), None) => Self::Webhook(None),
            ("webhooks", Some("ticket"), Some(secret)) => Self::Webhook(Some(decoded(secret)?)),
            ("conversations", Some(id), None) => Self::Conversation(decoded(id)?),
            ("conversations", Some(id), Some("stream")) => Self::Stream(decoded(id)?),
            ("events", Some(id), None) => Self::Event(decoded(id)?),
            ("events", Some(id), Some("replay")) => Self::Replay(decoded(id)?),
            ("parked", None, None) => Self::Parked,
            ("waiting", None, None) => Self::Waiting,
            ("stats", None, None) => Self::Stats,
            ("sessions", None, None) => Self::Sessions,
            ("calls", None, None) => Self::Calls,
            ("health", None, None) => Self::Health,
            ("ready", None, None) => Self::Ready,
            ("version", None, None) => Self::Version,
            ("openapi.json", None, None) => Self::OpenApi,
            _ => return None,
        };
        segments.next().is_none().then_some(route)
    }

    /// What it is about, as far as its path says.
    pub(super) fn target(&self) -> Target<'_> {
        match self {
            Self::Conversation(id) | Self::Stream(id) => Target::Conversation(id),
            Self::Event(id) | Self::Replay(id) => Target::Event(id),
            _ => Target::Unknown,
        }
    }

    /// The methods it takes, as the header `Allow` lists them.
    pub(super) const fn allow(&self) -> &'static str {
        match self {
            Self::Ticket | Self::Webhook(_) | Self::Replay(_) | Self::Sessions | Self::Calls => {
                "POST, OPTIONS"
            }
            Self::Conversation(_) => "GET, HEAD, DELETE, OPTIONS",
            Self::Stream(_) => "GET, OPTIONS",
            Self::Event(_)
            | Self::Parked
            | Self::Waiting
            | Self::Stats
            | Self::Health
            | Self::Ready
            | Self::Version
            | Self::OpenApi => "GET, HEAD, OPTIONS",
        }
    }

    /// Its name, for whoever counts requests.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Ticket => "ticket",
            Self::Webhook(_) => "webhook",
            Self::Conversation(_) => "conversation",
            Self::Stream(_) => "stream",
            Self::Event(_) => "event",
            Self::Replay(_) => "replay",
            Self::Parked => "parked",
            Self::Waiting => "waiting",
            Self::Stats => "stats",
            Self::Health => "health",
            Self::Ready => "ready",
            Self::Version => "version",
            Self::Sessions => "sessions",
            Self::Calls => "calls",
            Self::OpenApi => "openapi",
        }
    }

    /// Whether pages may call it: the webhook is for the agent's servers alone.
    pub(super) const fn is_for_pages(&self) -> bool {
        !matches!(self, Self::Webhook(_))
    }

    /// Whether a call in a body may be for it: a stream is no body, and a webhook proves itself by headers.
    pub(super) const fn is_callable(&self) -> bool {
        !matches!(self, Self::Stream(_) | Self::Webhook(_) | Self::Calls)
    }

    /// Whether it takes this method.
    pub(super) fn takes(&self, method: &str) -> bool {
        self.allow().split(", ").any(|allowed| allowed == method)
    }
}

fn decoded(segment: &str) -> Option<String> {
    let text = percent_decode_str(segment).decode_utf8().ok()?;
    (!text.is_empty()).then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::Route::{
        self, Calls, Conversation, Event, Health, OpenApi, Parked, Ready, Replay, Sessions, Stats, Stream,
        Ticket, Version, Waiting, Webhook,
    };

    #[test]
    fn paths_are_told_apart() {
        for (path, expected) in [
            ("/converse/ticket", Some(Ticket)),
            ("/converse/ticket/", None),
            ("/converse", None),
            ("/webhooks/ticket", Some(Webhook(None))),
            ("/webhooks/ticket/s%2Fx", Some(Webhook(Some("s/x".into())))),
            ("/webhooks/ticket/a/b", None),
            ("/webhooks/ticket/", None),
            ("/conversations/a%20b", Some(Conversation("a b".into()))),
            ("/conversations/%ff", None),
            ("/conversations/", None),
            ("/conversations/a/b", None),
            ("/conversations/a%2fb/stream", Some(Stream("a/b".into()))),
            ("/conversations/a/stream/b", None),
            ("/events/a-1", Some(Event("a-1".into()))),
            ("/events/a-1/replay", Some(Replay("a-1".into()))),
            ("/events/a-1/replay/now", None),
            ("/events/a-1/again", None),
            ("/parked", Some(Parked)),
            ("/waiting", Some(Waiting)),
            ("/stats", Some(Stats)),
            ("/stats/a", None),
            ("/sessions", Some(Sessions)),
            ("/sessions/a", None),
            ("/calls", Some(Calls)),
            ("/calls/a", None),
            ("/health", Some(Health)),
            ("/ready", Some(Ready)),
            ("/version", Some(Version)),
            ("/openapi.json", Some(OpenApi)),
            ("/", None),
            ("", None),
        ] {
            assert_eq!(Route::of(path), expected, "{path}");
        }
    }

    #[test]
    fn methods_are_those_of_allow() {
        assert!(Ticket.takes("POST") && !Ticket.takes("GET") && !Ticket.takes("BREW"));
        assert!(Health.takes("HEAD") && Health.takes("OPTIONS") && !Health.takes("POST"));
    }
}
