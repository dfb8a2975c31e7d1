//! What must hold of the check for every input, on inputs made at random.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod random;

use proptest::prelude::*;
use random::{Json, event};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use ticketwire::Limits;
use ticketwire::event::{Accepted, Issue, Policy, Rejected, TicketEvent, check_json};

/// The event as serde's plain derive reads it.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PlainEvent {
    platform_conversation_id: String,
    text: Option<String>,
    platform: Option<String>,
    #[serde(default)]
    meta_data: Vec<PlainVariable>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct PlainVariable {
    key: String,
    value: String,
    sanitize: Option<bool>,
}

fn assert_same(event: &TicketEvent<'_>, plain: &PlainEvent) {
    assert_eq!(event.conversation_id().as_str(), plain.platform_conversation_id);
    assert_eq!(event.text().map(|text| text.as_str()), plain.text.as_deref());
    assert_eq!(event.platform().as_str(), plain.platform.as_deref().unwrap_or("PUBLIC_API"));
    assert_eq!(event.variables().len(), plain.meta_data.len());
    for (variable, plain) in event.variables().iter().zip(&plain.meta_data) {
        assert_eq!(variable.key().as_str(), plain.key);
        assert_eq!(variable.value().as_str(), plain.value);
        assert_eq!(variable.is_personal(), plain.sanitize == Some(true));
    }
}

/// `twice`: something stands twice in the input, so a pointer may have more than one meaning.
fn assert_placed(issue: &Issue, input: &Json, twice: bool) {
    let pointer = issue.pointer();
    if issue.code() == "missing-member" {
        let (parent, _) = pointer.rsplit_once('/').unwrap();
        assert!(input.has(parent), "{parent} is not in the input");
        assert!(twice || !input.has(pointer), "{pointer} is not missing");
    } else {
        assert!(input.has(pointer), "{pointer} is not in the input");
    }
}

fn pairs(outcome: &Result<Accepted<'_>, Rejected>) -> Vec<(String, &'static str)> {
    let issues = outcome.as_ref().err().map(Rejected::issues).unwrap_or_default();
    issues.iter().map(|issue| (issue.pointer().to_owned(), issue.code())).collect()
}

/// What is JSON and what is not, serde_json knows as well.
fn assert_same_grammar(bytes: &[u8]) {
    let ours = check_json(bytes, &Policy::default());
    let is_json = !pairs(&ours).iter().any(|(_, code)| ["not-json", "not-utf8", "no-body"].contains(code));
    let theirs = str::from_utf8(bytes).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
    assert_eq!(is_json, theirs);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_accepted_means_the_same_to_a_plain_reader(input in event()) {
        let text = input.text();
        match check_json(text.as_bytes(), &Policy::default()) {
            Ok(accepted) => {
                assert_same(&accepted.event, &serde_json::from_str(&text).unwrap());
                let written = accepted.event.to_json();
                assert_same(&accepted.event, &serde_json::from_str(&written).unwrap());
                let again = check_json(written.as_bytes(), &Policy::default()).unwrap();
                prop_assert!(again.verbatim && again.event == accepted.event);
            }
            Err(rejected) => {
                prop_assert!(!rejected.issues().is_empty());
                let twice = rejected.issues().iter().any(|issue| issue.code() == "duplicate-member");
                rejected.issues().iter().for_each(|issue| assert_placed(issue, &input, twice));
            }
        }
    }

    #[test]
    fn how_it_is_written_does_not_matter(input in event()) {
        let text = input.text();
        let from_bytes = check_json(text.as_bytes(), &Policy::default());
        // A value has lost what stands twice, and the order of its members.
        if !pairs(&from_bytes).iter().any(|(_, code)| *code == "duplicate-member") {
            let value: Value = serde_json::from_str(&text).unwrap();
            let again = serde_json::to_vec_pretty(&value).unwrap();
            let (mut bytes, mut values) = (pairs(&from_bytes), pairs(&check_json(&again, &Policy::default())));
            bytes.sort();
            values.sort();
            bytes.dedup();
            values.dedup();
            prop_assert_eq!(bytes, values);
        }
    }

    #[test]
    fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = check_json(&bytes, &Policy::default());
        let _ = ticketwire::reply::parse_json(&bytes, &Limits::default());
    }

    #[test]
    fn no_cut_or_flip_is_too_strange(input in event(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = input.text().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        assert_same_grammar(&bytes);
        assert_same_grammar(&bytes[..at]);
        let _ = ticketwire::reply::parse_json(&bytes, &Limits::default());
    }

    #[test]
    fn no_message_repeats_what_was_sent(secret in "[A-Z]{12}") {
        let quoted = Value::from(secret.as_str());
        let text = format!(r#"{{"platformConversationId":{{"a":{quoted}}},"text":[{quoted}],"platform":"{secret}\u0000","metaData":[{quoted},{{"key":"{secret}\n","value":{{}},"sanitize":{quoted}}}],"metadata":{quoted}}}"#);
        let rejected = check_json(text.as_bytes(), &Policy::default()).unwrap_err();
        prop_assert!(rejected.issues().len() >= 7);
        let said = format!("{rejected} {rejected:?} {}", serde_json::to_string(rejected.issues()).unwrap());
        prop_assert!(!said.contains(&secret), "{said}");
    }
}
