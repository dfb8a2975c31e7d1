//! JSON at random, for every test that judges it.

#![allow(dead_code, reason = "each test uses its part")]

use proptest::prelude::*;
use serde_json::Value;

/// JSON as it is written: members in order, and as often as they stand there.
#[derive(Debug, Clone)]
pub(crate) enum Json {
    Plain(Value),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Plain(value) => value.to_string(),
            Self::List(items) => format!("[{}]", items.iter().map(Self::text).collect::<Vec<_>>().join(",")),
            Self::Object(members) => {
                let member = |(name, value): &(String, Self)| {
                    format!("{}:{}", Value::from(name.as_str()), value.text())
                };
                format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(" , "))
            }
        }
    }

    /// Whether a member stands twice in one object, anywhere.
    pub(crate) fn has_twice(&self) -> bool {
        match self {
            Self::Plain(_) => false,
            Self::List(items) => items.iter().any(Self::has_twice),
            Self::Object(members) => members.iter().enumerate().any(|(index, (name, value))| {
                value.has_twice() || members.iter().take(index).any(|(before, _)| before == name)
            }),
        }
    }

    /// Whether there is something at this pointer.
    pub(crate) fn has(&self, pointer: &str) -> bool {
        let Some(rest) = pointer.strip_prefix('/') else {
            return pointer.is_empty();
        };
        let (token, rest) = rest.find('/').map_or((rest, ""), |end| rest.split_at(end));
        let token = token.replace("~1", "/").replace("~0", "~");
        match self {
            Self::Plain(_) => false,
            Self::List(items) => token
                .parse()
                .ok()
                .and_then(|index: usize| items.get(index))
                .is_some_and(|item| item.has(rest)),
            Self::Object(members) => members.iter().any(|(name, value)| *name == token && value.has(rest)),
        }
    }
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![8 => "[a-z0-9 @._-]{0,12}", 1 => any::<String>(), 1 => "\\PC{0,8}", 1 => Just("x\0".into())]
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Plain(Value::Null)),
        any::<bool>().prop_map(|value| Json::Plain(value.into())),
        any::<i64>().prop_map(|value| Json::Plain(value.into())),
        any::<f64>().prop_map(|value| Json::Plain(value.into())),
        any_text().prop_map(|value| Json::Plain(value.into())),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::List),
            prop::collection::vec((any_text(), inner), 0..4).prop_map(Json::Object),
        ]
    })
}

/// A text most of the time, and anything else now and then.
fn mostly_text() -> impl Strategy<Value = Json> {
    prop_oneof![30 => "[a-z]{1,9}".prop_map(|text| Json::Plain(text.into())), 2 => any_text().prop_map(|text| Json::Plain(text.into())), 1 => any_json()]
}

fn variable() -> impl Strategy<Value = Json> {
    let sanitize =
        prop_oneof![9 => any::<bool>().prop_map(|value| Json::Plain(value.into())), 1 => any_json()];
    let members = (
        mostly_text(),
        mostly_text(),
        prop::option::of(sanitize),
        extras(&["key", "value", "sanitize", "name"]),
    );
    members.prop_map(|(key, value, sanitize, extras)| {
        let mut members = vec![("key".to_owned(), key), ("value".to_owned(), value)];
        members.extend(sanitize.map(|sanitize| ("sanitize".to_owned(), sanitize)));
        members.extend(extras);
        Json::Object(members)
    })
}

/// Now and then a member that does not belong there, or stands there already.
fn extras(names: &'static [&'static str]) -> impl Strategy<Value = Vec<(String, Json)>> {
    let name = prop_oneof![prop::sample::select(names).prop_map(str::to_owned), any_text()];
    prop_oneof![9 => Just(Vec::new()), 1 => prop::collection::vec((name, any_json()), 1..3)]
}

/// An event, or what somebody takes for one.
pub(crate) fn event() -> impl Strategy<Value = Json> {
    let variables =
        prop_oneof![9 => prop::collection::vec(variable(), 0..5).prop_map(Json::List), 1 => any_json()];
    let parts = (
        prop::option::weighted(0.95, mostly_text()),
        prop::option::of(mostly_text()),
        prop::option::of(mostly_text()),
        prop::option::of(variables),
        extras(&["platformConversationId", "text", "metaData", "metadata"]),
    );
    let event = parts.prop_map(|(id, text, platform, variables, extras)| {
        let names = ["platformConversationId", "text", "platform", "metaData"];
        let known = names.into_iter().zip([id, text, platform, variables]);
        let mut members: Vec<_> = known.filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        members.extend(extras);
        members
    });
    prop_oneof![19 => event.prop_shuffle().prop_map(Json::Object), 1 => any_json()]
}

/// A reply, or what somebody takes for one.
pub(crate) fn reply() -> impl Strategy<Value = Json> {
    let parts = (
        prop::option::weighted(0.95, mostly_text()),
        prop::option::of(mostly_text()),
        prop::option::of(mostly_text()),
        prop::option::of(mostly_text()),
        prop::option::of(list_of(intent())),
        prop::option::of(list_of(attachment())),
        extras(&["platformConversationId", "text", "mood"]),
    );
    let reply = parts.prop_map(|(id, bot, conversation, text, intents, attachments, extras)| {
        let known = [
            ("platformConversationId", id),
            ("botId", bot),
            ("conversationId", conversation),
            ("text", text),
            ("predictedIntents", intents),
            ("attachments", attachments),
        ];
        members(known).into_iter().chain(extras).collect::<Vec<_>>()
    });
    prop_oneof![19 => reply.prop_shuffle().prop_map(Json::Object), 1 => any_json()]
}

fn list_of(item: impl Strategy<Value = Json> + 'static) -> impl Strategy<Value = Json> {
    prop_oneof![9 => prop::collection::vec(item, 0..3).prop_map(Json::List), 1 => any_json()]
}

fn intent() -> impl Strategy<Value = Json> {
    let confidence = prop_oneof![
        4 => (0.0..=1.0).prop_map(|value: f64| Json::Plain(value.into())),
        4 => any::<u64>().prop_map(|value| Json::Plain(value.into())),
        1 => any_json(),
    ];
    let parts = (mostly_text(), mostly_text(), confidence, extras(&["value", "name", "hue"]));
    parts.prop_map(|(value, name, confidence, extras)| {
        let known = [("value", Some(value)), ("name", Some(name)), ("confidence", Some(confidence))];
        Json::Object(members(known).into_iter().chain(extras).collect())
    })
}

fn attachment() -> impl Strategy<Value = Json> {
    let parts = (prop::option::weighted(0.95, mostly_text()), extras(&["path", "mime"]));
    parts.prop_map(|(path, extras)| {
        Json::Object(members([("path", path)]).into_iter().chain(extras).collect())
    })
}

fn members<const N: usize>(known: [(&str, Option<Json>); N]) -> Vec<(String, Json)> {
    known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}
