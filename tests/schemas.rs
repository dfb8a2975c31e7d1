//! The JSON Schemas that are shipped, held against the checks: for every input both say the same, but
//! for the differences that are listed here.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod random;
mod vectors;

use std::sync::LazyLock;

use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::{Value, json};
use ticketwire::event::{self, Policy, Rejected, check_json};
use ticketwire::reply::{self, AgentReply, parse_json};
use ticketwire::{Limits, TicketEvent};

/// What a check refuses and a schema has no words for, with a body that shows it.
fn beyond_words() -> Vec<(&'static str, &'static str, String)> {
    vec![
        (
            "duplicate-member",
            "a schema sees values, in which nothing stands twice",
            r#"{"platformConversationId":"c","platformConversationId":"d"}"#.to_owned(),
        ),
        (
            "too-long",
            "`maxLength` counts characters, the limit counts bytes",
            json!({"platformConversationId": "ä".repeat(256)}).to_string(),
        ),
        (
            "body-too-large",
            "white space counts, which is no part of a value",
            format!(r#"{{"platformConversationId":"c"}}{}"#, " ".repeat(1_048_576)),
        ),
    ]
}

static EVENT: LazyLock<Validator> = LazyLock::new(|| validator(event::JSON_SCHEMA));
static REPLY: LazyLock<Validator> = LazyLock::new(|| validator(reply::JSON_SCHEMA));

fn validator(schema: &str) -> Validator {
    jsonschema::draft202012::new(&serde_json::from_str(schema).unwrap()).unwrap()
}

fn codes(rejected: &Rejected) -> Vec<&'static str> {
    rejected.issues().iter().map(event::Issue::code).collect()
}

/// Whether a schema has no words for it. Where a member stands twice, a value shows the last one only,
/// and other issues may be the first one's.
fn is_beyond_words(rejected: &Rejected) -> bool {
    let beyond: Vec<_> = beyond_words().into_iter().map(|(code, ..)| code).collect();
    let codes = codes(rejected);
    codes.contains(&"duplicate-member") || codes.iter().all(|code| beyond.contains(code))
}

/// A schema is asked about values: what is none, the check has to refuse by itself.
fn assert_event(body: &[u8]) {
    let checked = check_json(body, &Policy::default());
    let valid = serde_json::from_slice(body).map(|value: Value| EVENT.is_valid(&value));
    let shown = String::from_utf8_lossy(body);
    match (&checked, valid) {
        (Ok(_), valid) => assert!(valid.unwrap(), "only the schema refuses {shown}"),
        (Err(rejected), Ok(true)) => {
            assert!(is_beyond_words(rejected), "only the check refuses {shown}: {rejected:?}")
        }
        (Err(_), _) => {}
    }
}

/// A reply is understood whole where none of the members that we know is left over.
fn is_whole(reply: &AgentReply) -> bool {
    static KNOWN: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(reply::JSON_SCHEMA).unwrap());
    reply.extra.names().all(|name| KNOWN["properties"].get(name).is_none())
}

/// The schema of a reply is what is understood whole; more is taken.
fn assert_reply(body: &[u8]) {
    let parsed = parse_json(body, &Limits::default());
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    let shown = String::from_utf8_lossy(body);
    let Ok(value) = serde_json::from_slice::<Value>(body) else { return };
    match (&parsed, REPLY.is_valid(&value)) {
        (Ok(reply), valid) => assert_eq!(valid, is_whole(reply), "{shown}"),
        (Err(rejected), true) => {
            assert!(is_beyond_words(rejected), "only the parser refuses {shown}: {rejected:?}")
        }
        (Err(_), false) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn schema_and_check_agree_on_events(input in random::event()) {
        assert_event(input.text().as_bytes());
    }

    #[test]
    fn schema_and_parser_agree_on_replies(input in random::reply()) {
        // A part in which a member stands twice is no part that we know; a value can't show it.
        if !input.has_twice() {
            assert_reply(input.text().as_bytes());
        }
    }
}

#[test]
fn schema_and_check_agree_on_every_vector() {
    let vectors = vectors::events();
    let default = vectors.iter().filter(|vector| vector.policy == Policy::default());
    assert!(default.map(|vector| assert_event(&vector.bytes)).count() > 60);
    vectors.iter().for_each(|vector| assert_reply(&vector.bytes));
}

#[test]
fn schema_and_check_agree_on_the_edges_of_every_text() {
    let limits = Limits::default();
    let event = |text: &str, platform: &str, id: &str, key: &str, value: &str| json!({"platformConversationId": id, "text": text, "platform": platform, "metaData": [{"key": key, "value": value}]});
    for extra in [0, 1] {
        let text = |max_bytes: usize| "a".repeat(max_bytes + extra);
        let at_edge = [
            event(&text(limits.max_text_bytes), "p", "c", "k", "v"),
            event("t", &text(limits.max_platform_bytes), "c", "k", "v"),
            event("t", "p", &text(limits.max_conversation_id_bytes), "k", "v"),
            event("t", "p", "c", &text(limits.max_key_bytes), "v"),
            event("t", "p", "c", "k", &text(limits.max_value_bytes)),
        ];
        for event in at_edge {
            assert_event(event.to_string().as_bytes());
            assert_eq!(EVENT.is_valid(&event), extra == 0);
        }
        let variables = vec![json!({"key": "k", "value": "v"}); limits.max_variables + extra];
        let event = json!({"platformConversationId": "c", "metaData": variables});
        assert_event(event.to_string().as_bytes());
        assert_eq!(EVENT.is_valid(&event), extra == 0);
    }
}

#[test]
fn schema_and_check_agree_on_every_character() {
    for character in ('\0'..='\u{17f}').chain(['\u{2028}', '\u{feff}', '\u{fffd}', '\u{1f600}', '\u{10ffff}'])
    {
        let text = character.to_string();
        for member in ["platformConversationId", "text", "platform"] {
            let mut event = json!({"platformConversationId": "c"});
            event[member] = text.clone().into();
            assert_event(event.to_string().as_bytes());
        }
        let event = json!({"platformConversationId": "c", "metaData": [{"key": text, "value": "v"}, {"key": "k", "value": text}]});
        assert_event(event.to_string().as_bytes());
        assert_reply(
            json!({"platformConversationId": "c", "botId": text, "text": text}).to_string().as_bytes(),
        );
    }
}

#[test]
fn each_difference_is_one() {
    for (code, why, body) in beyond_words() {
        let rejected = check_json(body.as_bytes(), &Policy::default()).unwrap_err();
        assert_eq!(codes(&rejected), [code], "{why}");
        assert!(EVENT.is_valid(&serde_json::from_str(&body).unwrap()), "{code}: {why}");
    }
}

#[test]
fn what_the_parser_tolerates_the_schema_does_not_promise() {
    for (member, shape) in [
        ("botId", json!("a b")),
        ("botId", json!(7)),
        ("conversationId", json!({})),
        ("text", json!(5)),
        ("predictedIntents", json!({})),
        ("predictedIntents", json!([{"value": "1", "name": "n", "confidence": "high"}])),
        ("attachments", json!([{"url": "b"}])),
    ] {
        let mut body = json!({"platformConversationId": "c"});
        body[member] = shape;
        assert!(!REPLY.is_valid(&body), "{body}");
        let reply = parse_json(body.to_string().as_bytes(), &Limits::default()).unwrap();
        assert!(reply.extra.get(member).is_some(), "{body}");
    }
}

#[test]
fn examples_are_examples() {
    for (schema, validator) in [(event::JSON_SCHEMA, &EVENT), (reply::JSON_SCHEMA, &REPLY)] {
        let schema: Value = serde_json::from_str(schema).unwrap();
        let examples = schema["examples"].as_array().unwrap();
        assert!(!examples.is_empty() && examples.iter().all(|example| validator.is_valid(example)));
    }
    let schema: Value = serde_json::from_str(event::JSON_SCHEMA).unwrap();
    let body = schema["examples"][0].to_string();
    let accepted = check_json(body.as_bytes(), &Policy::default()).unwrap();
    assert!(accepted.warnings.is_empty() && accepted.verbatim);
    let built =
        TicketEvent::builder(accepted.event.conversation_id().as_str()).build(&Limits::default()).unwrap();
    assert!(EVENT.is_valid(&serde_json::from_str(&built.to_json()).unwrap()), "what is written is valid");
}
