//! JSON from outside, by cases: what must be read is read, what must not is refused with its code, and
//! what is left to the reader is as it was yesterday. Each case comes as a whole body and as the value
//! of a member that nobody knows, to both readers.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod cases;
mod either;

use std::collections::HashSet;

use cases::{CASES, Case};
use either::either;
use ticketwire::Limits;
use ticketwire::event::{Policy, Rejected, check_json};
use ticketwire::reply::{AgentReply, parse_json};

/// Codes that say that bytes are not JSON, or none that we can hold.
const NOT_JSON: [&str; 5] = ["no-body", "not-utf8", "not-json", "lone-surrogate", "too-deep"];

const READERS: [&str; 4] = ["an event", "inside an event", "a reply", "inside a reply"];

fn inside(value: &[u8]) -> Vec<u8> {
    [&br#"{"platformConversationId":"c","stranger":"#[..], value, b"}"].concat()
}

fn outcome<T>(read: &Result<T, Rejected>) -> &'static str {
    let issues = read.as_ref().err().map(Rejected::issues).unwrap_or_default();
    issues.iter().map(|issue| issue.code()).find(|code| NOT_JSON.contains(code)).unwrap_or("read")
}

fn event(body: &[u8]) -> &'static str {
    outcome(&check_json(body, &Policy::default()))
}

fn reply(body: &[u8]) -> Result<AgentReply, Rejected> {
    parse_json(body, &Limits::default())
}

/// What each of [`READERS`] makes of it.
fn outcomes(bytes: &[u8]) -> [&'static str; 4] {
    let inside = inside(bytes);
    [event(bytes), event(&inside), outcome(&reply(bytes)), outcome(&reply(&inside))]
}

fn named(prefix: &str) -> impl Iterator<Item = &'static Case> {
    CASES.iter().filter(move |(name, _)| name.starts_with(prefix))
}

#[test]
fn what_is_valid_is_read() {
    for (name, bytes) in named("valid-") {
        assert_eq!(outcomes(bytes), ["read"; 4], "{name}: {READERS:?}");
        let extra = reply(&inside(bytes)).unwrap().extra;
        let kept = extra.get("stranger").unwrap();
        assert_eq!(kept.get().as_bytes(), bytes.trim_ascii(), "{name} is kept as it was written");
    }
}

#[test]
fn what_is_invalid_is_refused_with_its_code() {
    for (name, bytes) in named("invalid-") {
        let code = if str::from_utf8(bytes).is_err() { "not-utf8" } else { "not-json" };
        let whole = if name.contains("nothing") || name.contains("space-only") { "no-body" } else { code };
        assert_eq!(outcomes(bytes), [whole, code, whole, code], "{name}: {READERS:?}");
    }
}

#[test]
fn what_is_left_to_the_reader_is_as_it_was() {
    for case in either() {
        assert_eq!(outcomes(&case.bytes), case.today, "{}: {READERS:?}", case.name);
    }
}

#[test]
fn each_name_says_what_is_expected_and_stands_once() {
    let names: Vec<&str> =
        CASES.iter().map(|(name, _)| *name).chain(either().iter().map(|case| case.name)).collect();
    for (prefix, least) in [("valid-", 60), ("invalid-", 60), ("either-", 25)] {
        assert!(names.iter().filter(|name| name.starts_with(prefix)).count() >= least, "{prefix}");
    }
    assert!(
        names.iter().all(|name| ["valid", "invalid", "either"].contains(&name.split('-').next().unwrap()))
    );
    assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len(), "a name stands twice");
}
