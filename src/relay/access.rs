//! Who may do what: one table, and the one decision that is made by it.

use super::event_id::{EventId, object_name};
use super::keys::Keys;
use super::refusal::Refusal;
use super::route::Route;
use super::sessions::Sessions;
use crate::event::BotId;
use crate::session::{Scope, Session};

/// Something that is asked of the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Send,
    TakeReply,
    Read,
    Forget,
    Follow,
    Report,
    Replay,
    ListParked,
    ListWaiting,
    ReadStats,
    MintSession,
    Call,
    SayHealth,
    SayReady,
    SayVersion,
    SayOpenApi,
}

/// What it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Nothing.
    Open,
    /// That the webhook proves itself, which its route sees to.
    WebhookProof,
    /// One of the relay's keys.
    ServerKey,
    /// One of the relay's keys; or a session with one of these scopes, for its own conversations, of
    /// its own bot.
    Session(&'static [Scope]),
}

/// Every action, and what it takes.
const TABLE: &[(Action, Need)] = &[
    (Action::Send, Need::Session(&[Scope::Send])),
    (Action::TakeReply, Need::WebhookProof),
    (Action::Read, Need::Session(&[Scope::Read])),
    (Action::Forget, Need::ServerKey),
    (Action::Follow, Need::Session(&[Scope::Read])),
    (Action::Report, Need::Session(&[Scope::Send, Scope::Read])),
    (Action::Replay, Need::ServerKey),
    (Action::ListParked, Need::ServerKey),
    (Action::ListWaiting, Need::ServerKey),
    (Action::ReadStats, Need::ServerKey),
    (Action::MintSession, Need::ServerKey),
    // Of the call in its body all is asked that this table has.
    (Action::Call, Need::Open),
    (Action::SayHealth, Need::Open),
    (Action::SayReady, Need::Open),
    (Action::SayVersion, Need::Open),
    (Action::SayOpenApi, Need::Open),
];

impl Action {
    /// What a route does by this method.
    pub(super) fn of(route: &Route, method: &str) -> Self {
        match route {
            Route::Ticket => Self::Send,
            Route::Webhook(_) => Self::TakeReply,
            Route::Conversation(_) if method == "DELETE" => Self::Forget,
            Route::Conversation(_) => Self::Read,
            Route::Stream(_) => Self::Follow,
            Route::Event(_) => Self::Report,
            Route::Replay(_) => Self::Replay,
            Route::Parked => Self::ListParked,
            Route::Waiting => Self::ListWaiting,
            Route::Stats => Self::ReadStats,
            Route::Sessions => Self::MintSession,
            Route::Calls => Self::Call,
            Route::Health => Self::SayHealth,
            Route::Ready => Self::SayReady,
            Route::Version => Self::SayVersion,
            Route::OpenApi => Self::SayOpenApi,
        }
    }

    /// Whether it takes nothing, or what its own route asks for.
    pub(super) fn is_open(self) -> bool {
        matches!(self.need(), Need::Open | Need::WebhookProof)
    }

    /// What it takes. Something that stands in no table takes a key.
    pub(super) fn need(self) -> Need {
        TABLE.iter().find(|(action, _)| *action == self).map_or(Need::ServerKey, |(_, need)| *need)
    }
}

/// What a caller shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Credential {
    Nothing,
    /// A key or a token, in the header `Authorization`.
    Header(String),
    /// A token, in the query: where a browser's `EventSource` can send no header. Never a key: queries
    /// end up in logs.
    Query(String),
}

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Caller {
    /// Nobody that we know.
    Anyone,
    /// A server with one of the relay's keys.
    Server,
    /// Whoever holds a token.
    Session(Session),
}

impl Caller {
    /// The session, where it is one.
    pub(super) const fn session(&self) -> Option<&Session> {
        match self {
            Self::Session(session) => Some(session),
            Self::Anyone | Self::Server => None,
        }
    }

    /// The bot that a token names.
    pub(super) fn bot_id(&self) -> Option<&BotId<'static>> {
        self.session()?.bot.as_ref()
    }
}

/// What a session must fit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    /// What it is about.
    pub(super) target: Target<'a>,
    /// The header `botid`.
    pub(super) bot_id: Option<&'a str>,
    /// The relay's own bot.
    pub(super) default_bot_id: Option<&'a str>,
    /// The header `Origin`.
    pub(super) origin: Option<&'a str>,
}

/// What it is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Target<'a> {
    /// No conversation, or one that is not known yet.
    Unknown,
    /// A conversation, by its id.
    Conversation(&'a str),
    /// An event, by its id.
    Event(&'a str),
}

/// Who it is that shows this. Keys are compared first; only what has two dots, and is no key, is a token.
pub(super) fn identify(
    credential: &Credential,
    keys: &Keys,
    sessions: Option<&Sessions>,
    now_ms: u64,
) -> Result<Caller, Refusal> {
    let token = match credential {
        _ if keys.is_empty() => return Err(Refusal::NotConfigured),
        Credential::Nothing => return Err(Refusal::NoKey),
        Credential::Header(key) if keys.contain(key) => return Ok(Caller::Server),
        Credential::Header(token) if token.matches('.').count() == 2 => token,
        Credential::Header(_) => return Err(Refusal::WrongKey),
        Credential::Query(token) => token,
    };
    let session = sessions.ok_or(Refusal::NoSessions)?.read(token, now_ms);
    session.map(Caller::Session).map_err(Refusal::InvalidToken)
}

/// Whether this caller may do this.
pub(super) fn decide(action: Action, caller: &Caller, asked: &Asked<'_>) -> Result<(), Refusal> {
    match (action.need(), caller) {
        (Need::Open | Need::WebhookProof, _) | (Need::ServerKey | Need::Session(_), Caller::Server) => Ok(()),
        (Need::ServerKey | Need::Session(_), Caller::Anyone) => Err(Refusal::NoKey),
        (Need::ServerKey, Caller::Session(_)) => Err(Refusal::ServerKeyRequired),
        (Need::Session(scopes), Caller::Session(session)) => {
            if !scopes.iter().any(|scope| session.scopes.contain(*scope)) {
                return Err(Refusal::OutOfScope);
            }
            fits(session, asked)
        }
    }
}

/// Whether a session is for this.
fn fits(session: &Session, asked: &Asked<'_>) -> Result<(), Refusal> {
    if session.origin.as_ref().is_some_and(|origin| asked.origin != Some(origin.as_str())) {
        return Err(Refusal::ForeignOrigin);
    }
    let bot_id = session.bot.as_ref().map(|bot| bot.as_str()).or(asked.default_bot_id);
    let is_own = match asked.target {
        Target::Unknown => return Ok(()),
        Target::Conversation(id) => session.conversations.iter().any(|own| own.as_str() == id),
        Target::Event(id) => bot_id.is_some_and(|bot_id| has_event(session, bot_id, id)),
    };
    if asked.bot_id.is_some_and(|asked| bot_id != Some(asked)) {
        return Err(Refusal::ForeignBot);
    }
    if is_own { Ok(()) } else { Err(Refusal::ForeignConversation) }
}

/// Whether an event is of one of the session's conversations: its id says so.
fn has_event(session: &Session, bot_id: &str, id: &str) -> bool {
    EventId::parse(id).is_some_and(|event| {
        session.conversations.iter().any(|own| object_name(bot_id, own.as_str()) == event.object)
    })
}

#[cfg(test)]
mod tests {
    use serde::Serialize;
    use serde_json::json;

    use super::*;
    use crate::event::ConversationId;
    use crate::limits::Limits;
    use crate::relay::problem::Problem;
    use crate::session::{AUDIENCE, Origin, Scopes, SessionSecrets};

    const NOW_MS: u64 = 1_795_000_000_000;
    const KEY: &str = "relay_0123456789abcdef";
    const CONVERSATION: &str = "own/ä";
    const BOT: &str = "618a30beee4e8e87d2f94015";
    const OTHER_BOT: &str = "ffffffffffffffffffffffff";
    const ORIGIN: &str = "https://shop.example";

    /// Each action: its method, its path, and what it answers to who may do it, where an event of the
    /// conversation has been delivered. `TakeReply` has proofs of its own, with tests of their own.
    const ACTIONS: [(Action, &str, &str, u16); 15] = [
        (Action::Send, "POST", "/converse/ticket", 200),
        (Action::Read, "GET", "/conversations/{conversation}", 200),
        (Action::Forget, "DELETE", "/conversations/{conversation}", 204),
        (Action::Follow, "GET", "/conversations/{conversation}/stream", 200),
        (Action::Report, "GET", "/events/{event}", 200),
        (Action::Replay, "POST", "/events/{event}/replay", 409),
        (Action::ListParked, "GET", "/parked", 200),
        (Action::ListWaiting, "GET", "/waiting", 200),
        (Action::ReadStats, "GET", "/stats", 200),
        (Action::MintSession, "POST", "/sessions", 201),
        (Action::Call, "POST", "/calls", 200),
        (Action::SayHealth, "GET", "/health", 200),
        (Action::SayReady, "GET", "/ready", 200),
        (Action::SayVersion, "GET", "/version", 200),
        (Action::SayOpenApi, "GET", "/openapi.json", 200),
    ];

    /// What callers may show; the test in workerd knows the same names.
    const CREDENTIALS: [&str; 10] = [
        "none",
        "wrong-key",
        "server-key",
        "send",
        "read",
        "send read",
        "expired",
        "other-conversation",
        "other-bot",
        "other-origin",
    ];

    #[derive(Serialize)]
    struct Case {
        method: &'static str,
        path: &'static str,
        credential: &'static str,
        status: u16,
        code: Option<&'static str>,
    }

    fn sessions() -> Sessions {
        let secrets = SessionSecrets::parse("a:0123456789abcdef0123456789abcdef").unwrap();
        Sessions { secrets, audience: AUDIENCE.to_owned(), events_per_minute: 60 }
    }

    fn session(credential: &str) -> Session {
        let id = if credential == "other-conversation" { "other" } else { CONVERSATION };
        Session {
            conversations: vec![ConversationId::parse(id, &Limits::default()).unwrap()],
            scopes: Scopes::parse(credential).unwrap_or_else(|| Scope::ALL.into_iter().collect()),
            bot: (credential == "other-bot").then(|| BotId::parse(OTHER_BOT, &Limits::default()).unwrap()),
            origin: (credential == "other-origin").then(|| Origin::parse(ORIGIN).unwrap()),
            expires_ms: NOW_MS + 60_000,
        }
    }

    fn shown(credential: &str) -> Credential {
        match credential {
            "none" => Credential::Nothing,
            "wrong-key" => Credential::Header("wrong_0123456789abcdef".into()),
            "server-key" => Credential::Header(KEY.into()),
            name => Credential::Header(sessions().mint(&session(name), NOW_MS).unwrap().token),
        }
    }

    fn identified(credential: &str) -> Result<Caller, Refusal> {
        let now_ms = if credential == "expired" { NOW_MS + 60_000 } else { NOW_MS };
        identify(&shown(credential), &Keys::parse(KEY), Some(&sessions()), now_ms)
    }

    fn decided(action: Action, path: &str, credential: &str) -> Result<(), Refusal> {
        let caller = match identified(credential) {
            Err(_) if action.is_open() => Caller::Anyone,
            caller => caller?,
        };
        let event = EventId { object: object_name(BOT, CONVERSATION), seq: 1 }.to_string();
        let path = path.replace("{conversation}", "own%2F%C3%A4").replace("{event}", &event);
        let route = Route::of(&path).unwrap();
        let target = match action {
            Action::Send => Target::Conversation(CONVERSATION),
            _ => route.target(),
        };
        let asked = Asked {
            target,
            bot_id: Some(BOT),
            default_bot_id: Some(BOT),
            origin: Some("https://other.example"),
        };
        decide(action, &caller, &asked)
    }

    fn case(action: &(Action, &'static str, &'static str, u16), credential: &'static str) -> Case {
        let &(action, method, path, admitted) = action;
        let case = |status, code| Case { method, path, credential, status, code };
        match decided(action, path, credential).map_err(Problem::from) {
            Ok(()) if action == Action::Replay => case(admitted, Some("not-parked")),
            Ok(()) => case(admitted, None),
            Err(problem) => case(problem.status(), Some(problem.code())),
        }
    }

    /// What the table says is what the test in workerd holds the relay to.
    #[test]
    fn the_written_cases_are_those_of_the_table() {
        let cases = ACTIONS.iter().flat_map(|action| CREDENTIALS.map(|credential| case(action, credential)));
        let lines: Vec<_> = cases.map(|case| serde_json::to_string(&case).unwrap()).collect();
        let text = format!("[\n  {}\n]\n", lines.join(",\n  "));
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/worker/access.json");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(path, &text).unwrap();
        }
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            written == text,
            "tests/worker/access.json is stale: UPDATE=1 cargo test --lib --features relay access"
        );
    }

    #[test]
    fn every_action_is_in_the_table_once() {
        for (action, ..) in ACTIONS {
            assert_eq!(TABLE.iter().filter(|(known, _)| *known == action).count(), 1, "{action:?}");
        }
        assert_eq!(TABLE.len(), ACTIONS.len() + 1);
        for (action, method, path, _) in ACTIONS {
            let route = Route::of(&path.replace(['{', '}'], "")).unwrap();
            assert!(route.takes(method) && Action::of(&route, method) == action, "{action:?}");
        }
    }

    #[test]
    fn a_token_is_told_from_a_key_by_the_keys() {
        let keys = Keys::parse("a.key.0123456789abcdef");
        let who = |credential, sessions| identify(&credential, &keys, sessions, NOW_MS);
        let sessions = sessions();
        let dotted = "a.key.0123456789abcdef".to_owned();
        assert_eq!(who(Credential::Header(dotted.clone()), None), Ok(Caller::Server));
        assert!(matches!(who(Credential::Query(dotted), Some(&sessions)), Err(Refusal::InvalidToken(_))));
        let token = Credential::Header("a.b.c".into());
        assert_eq!(who(token.clone(), None), Err(Refusal::NoSessions));
        assert!(matches!(who(token.clone(), Some(&sessions)), Err(Refusal::InvalidToken(_))));
        assert_eq!(who(Credential::Header("a.b".into()), Some(&sessions)), Err(Refusal::WrongKey));
        assert_eq!(identify(&token, &Keys::default(), Some(&sessions), NOW_MS), Err(Refusal::NotConfigured));
    }

    #[test]
    fn the_bot_is_the_tokens_or_else_our_own() {
        let own = session("send read");
        let other = session("other-bot");
        let fits = |session: &Session, bot_id, target| {
            fits(session, &Asked { target, bot_id, default_bot_id: Some(BOT), origin: None })
        };
        let conversation = Target::Conversation(CONVERSATION);
        assert_eq!(fits(&own, None, conversation), Ok(()));
        assert_eq!(fits(&own, Some(BOT), conversation), Ok(()));
        assert_eq!(fits(&own, Some(OTHER_BOT), conversation), Err(Refusal::ForeignBot));
        assert_eq!(fits(&other, None, conversation), Ok(()));
        assert_eq!(fits(&other, Some(OTHER_BOT), conversation), Ok(()));
        assert_eq!(fits(&other, Some(BOT), conversation), Err(Refusal::ForeignBot));
        let event = EventId { object: object_name(BOT, CONVERSATION), seq: 7 }.to_string();
        assert_eq!(fits(&own, None, Target::Event(&event)), Ok(()));
        assert_eq!(fits(&other, None, Target::Event(&event)), Err(Refusal::ForeignConversation));
        assert_eq!(fits(&own, None, Target::Event("garbage")), Err(Refusal::ForeignConversation));
        assert_eq!(fits(&session("other-origin"), None, Target::Unknown), Err(Refusal::ForeignOrigin));
    }

    #[test]
    fn a_refusal_of_a_token_says_why() {
        let problem = Problem::from(identified("expired").unwrap_err());
        let document: serde_json::Value = serde_json::from_str(&problem.to_json()).unwrap();
        assert_eq!((&document["code"], &document["reason"]), (&json!("invalid-token"), &json!("expired")));
        assert!(
            problem
                .headers()
                .iter()
                .any(|(name, value)| *name == "www-authenticate" && value.contains("invalid_token"))
        );
    }
}
