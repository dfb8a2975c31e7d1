//! What a backend may ask of `POST /sessions`.

use super::members::{Known, Names, Reader, find, kind};
use crate::event::{BotId, ConversationId, Fault, Issue, Kind, Rejected};
use crate::json::{self, Value};
use crate::limits::Limits;
use crate::session::{InvalidToken, MAX_CONVERSATIONS, Origin, Scope, Scopes, Session};

const MEMBERS: Names = Names::exactly(&["conversation", "scope", "bot", "origin", "ttlSeconds"]);

/// How long a session may be asked for, in seconds; the longest unless told. Our choice.
const TTL_SECONDS: std::ops::RangeInclusive<u64> = 60..=900;

const MS_PER_SECOND: u64 = 1_000;

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SessionWish {
    conversations: Vec<ConversationId<'static>>,
    scopes: Scopes,
    bot: Option<BotId<'static>>,
    origin: Option<Origin>,
    ttl_seconds: u64,
}

impl SessionWish {
    /// Reads the body of a request: everything that is wrong with it, at once.
    pub(super) fn read(body: &[u8], limits: &Limits) -> Result<Self, Rejected> {
        let mut reader = Reader::new(limits);
        let members = reader.whole(body, &MEMBERS)?;
        let wish = WishReader { limits, reader: &mut reader }.wish(&members);
        reader.conclude(wish)
    }

    /// The session that begins now.
    pub(super) fn session(self, now_ms: u64) -> Session {
        Session {
            conversations: self.conversations,
            scopes: self.scopes,
            bot: self.bot,
            origin: self.origin,
            expires_ms: (now_ms / MS_PER_SECOND + self.ttl_seconds) * MS_PER_SECOND,
        }
    }
}

/// A wish of which no token can be made.
pub(super) fn unfit(reason: InvalidToken) -> Rejected {
    let (pointer, expected) = match reason {
        InvalidToken::TooLarge => ("/conversation", "ids that fit into a token of 8192 bytes; name fewer"),
        _ => ("", "a session of which a token can be made"),
    };
    Rejected::from_issues(vec![Issue::new(pointer.to_owned(), Fault::Unexpected { expected })])
}

/// Reads the members one by one.
struct WishReader<'r> {
    limits: &'r Limits,
    reader: &'r mut Reader,
}

impl WishReader<'_> {
    fn wish(&mut self, members: &[Known<'_>]) -> Option<SessionWish> {
        let conversations = self.conversations(find(members, "conversation"));
        let scopes = find(members, "scope").map(|value| self.scopes(value));
        let bot = find(members, "bot").map(|value| self.bot(value));
        let origin = find(members, "origin").map(|value| self.origin(value));
        let ttl_seconds = find(members, "ttlSeconds").map(|value| self.ttl_seconds(value));
        Some(SessionWish {
            conversations: conversations?,
            scopes: scopes.unwrap_or_else(|| Some(Scope::ALL.into_iter().collect()))?,
            bot: bot.flatten(),
            origin: origin.flatten(),
            ttl_seconds: ttl_seconds.unwrap_or(Some(*TTL_SECONDS.end()))?,
        })
    }

    fn conversations(&mut self, value: Option<&str>) -> Option<Vec<ConversationId<'static>>> {
        const EXPECTED: &str = "a conversation's id, or a list of 1 to 100";
        let pointer = "/conversation";
        let Some(value) = value else {
            return self.reader.fault(pointer.into(), Fault::Missing { expected: EXPECTED });
        };
        let mut source = json::Reader::new(value);
        let Ok(Value::List) = source.value() else {
            return self.conversation(pointer.into(), value).map(|id| vec![id]);
        };
        let ids = json::items(&mut source).unwrap_or_default();
        if !(1..=MAX_CONVERSATIONS).contains(&ids.len()) {
            return self.reader.fault(pointer.into(), Fault::Unexpected { expected: EXPECTED });
        }
        let ids = ids.into_iter().enumerate();
        let ids: Vec<_> = ids.map(|(at, id)| self.conversation(format!("{pointer}/{at}"), id)).collect();
        ids.into_iter().collect()
    }

    /// As in a path, any id that may be configured: what an event's may be is checked with the event.
    fn conversation(&mut self, pointer: String, value: &str) -> Option<ConversationId<'static>> {
        let text = self.reader.text(&pointer, value)?;
        if matches!(text.as_ref(), "." | "..") {
            let expected = "an id other than `.` and `..`, which can't stand in the path of a URL";
            return self.reader.fault(pointer, Fault::Unexpected { expected });
        }
        let id = ConversationId::parse(text.into_owned(), &Limits::largest());
        id.map_err(|fault| self.reader.note(pointer, fault)).ok()
    }

    fn scopes(&mut self, value: &str) -> Option<Scopes> {
        let text = self.reader.text("/scope", value)?;
        let fault = Fault::Unexpected { expected: "`send`, `read`, or both with a space between" };
        Scopes::parse(&text).or_else(|| self.reader.fault("/scope".into(), fault))
    }

    fn bot(&mut self, value: &str) -> Option<BotId<'static>> {
        let text = self.reader.text("/bot", value)?.into_owned();
        BotId::parse(text, self.limits).map_err(|fault| self.reader.note("/bot".into(), fault)).ok()
    }

    fn origin(&mut self, value: &str) -> Option<Origin> {
        let text = self.reader.text("/origin", value)?;
        let expected = "a web origin as browsers send it, such as https://shop.example, without a path";
        Origin::parse(&text).or_else(|| self.reader.fault("/origin".into(), Fault::Unexpected { expected }))
    }

    fn ttl_seconds(&mut self, value: &str) -> Option<u64> {
        let fault = match json::Reader::new(value).value() {
            Ok(Value::Number) => Fault::Unexpected { expected: "a whole number of seconds from 60 to 900" },
            other => Fault::WrongType { expected: Kind::Number, found: kind(&other) },
        };
        // JSON does not tell 600 from 600.0. Nobody writes seconds as 6e2.
        let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
        let whole = if fraction.bytes().all(|byte| byte == b'0') { whole } else { "" };
        let seconds = whole.parse().ok().filter(|seconds| TTL_SECONDS.contains(seconds));
        seconds.or_else(|| self.reader.fault("/ttlSeconds".into(), fault))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issues(body: &str) -> Vec<(String, &'static str)> {
        let rejected = SessionWish::read(body.as_bytes(), &Limits::default()).unwrap_err();
        rejected.issues().iter().map(|issue| (issue.pointer().to_owned(), issue.code())).collect()
    }

    #[test]
    fn a_conversation_is_all_that_is_needed() {
        let read = |body: &str| SessionWish::read(body.as_bytes(), &Limits::default()).unwrap();
        let session = read(r#"{"conversation":"a"}"#).session(1_999);
        assert_eq!((session.conversations.len(), session.expires_ms), (1, 901_000));
        assert_eq!(session.scopes.to_string(), "send read");
        let session = read(
            r#"{"conversation":["a","b"],"scope":"read","bot":"x","origin":"https://a.example","ttlSeconds":60.0}"#,
        )
        .session(0);
        assert_eq!((session.conversations.len(), session.expires_ms), (2, 60_000));
        assert_eq!(session.scopes.to_string(), "read");
        assert!(session.bot.is_some() && session.origin.is_some());
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let all = r#"{"conversations":"a","scope":"all","bot":"a b","origin":"a.example/","ttlSeconds":59,"scope":""}"#;
        let expected = [
            ("/conversations", "unknown-member"),
            ("/scope", "duplicate-member"),
            ("/conversation", "missing-member"),
            ("/scope", "unexpected-value"),
            ("/bot", "not-header-safe"),
            ("/origin", "unexpected-value"),
            ("/ttlSeconds", "unexpected-value"),
        ];
        assert_eq!(issues(all), expected.map(|(pointer, code)| (pointer.to_owned(), code)));
        let rejected = SessionWish::read(all.as_bytes(), &Limits::default()).unwrap_err();
        assert!(rejected.issues()[0].fault().to_string().contains("did you mean `conversation`?"));
    }

    #[test]
    fn each_fault_has_its_place() {
        for (body, pointer, code) in [
            ("", "", "no-body"),
            ("{", "", "not-json"),
            ("[]", "", "wrong-type"),
            (r#"{"conversation":7}"#, "/conversation", "wrong-type"),
            (r#"{"conversation":""}"#, "/conversation", "empty"),
            (r#"{"conversation":[]}"#, "/conversation", "unexpected-value"),
            (r#"{"conversation":["a",null]}"#, "/conversation/1", "wrong-type"),
            (r#"{"conversation":["a",".."]}"#, "/conversation/1", "unexpected-value"),
            (r#"{"conversation":"."}"#, "/conversation", "unexpected-value"),
            (r#"{"conversation":"a","bot":null}"#, "/bot", "wrong-type"),
            (r#"{"conversation":"a","ttlSeconds":"900"}"#, "/ttlSeconds", "wrong-type"),
            (r#"{"conversation":"a","ttlSeconds":-60.0}"#, "/ttlSeconds", "unexpected-value"),
            (r#"{"conversation":"a","ttlSeconds":901}"#, "/ttlSeconds", "unexpected-value"),
            (r#"{"conversation":"a","ttlSeconds":60.5}"#, "/ttlSeconds", "unexpected-value"),
        ] {
            assert_eq!(issues(body), [(pointer.to_owned(), code)], "{body}");
        }
    }
}
