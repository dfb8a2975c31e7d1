//! Bodies that are made to take long, each as large as it may be.

use std::time::{Duration, Instant};

use ticketwire::event::{Policy, check_json};
use ticketwire::{Limits, reply};

/// Read once, all of a test's bodies take half a second together; where something is looked for in all that went
/// before, one alone takes half a minute, or minutes. It is not a measurement: in between is any machine.
const IN_TIME: Duration = Duration::from_secs(8);

fn in_time(work: impl FnOnce()) {
    let start = Instant::now();
    work();
    assert!(start.elapsed() < IN_TIME, "{:?}", start.elapsed());
}

/// This part over and over, between a beginning and an end, as often as there is room for it.
fn filled(start: &str, part: impl Fn(usize) -> String, end: &str, max_bytes: usize) -> String {
    let mut body = start.to_owned();
    for number in 0.. {
        let part = part(number);
        if body.len() + part.len() + 1 + end.len() > max_bytes {
            break;
        }
        if number > 0 {
            body.push(',');
        }
        body.push_str(&part);
    }
    body + end
}

#[test]
fn an_event_of_faults_alone_is_read_once() {
    let policy = Policy::default();
    let variables = r#"{"platformConversationId":"a","metaData":["#;
    let members = r#"{"platformConversationId":"a","#;
    for (start, part, end) in [
        (variables, r#"{"key":"\ud800","value":"\ud800"}"#, "]}"),
        (variables, r#"{"key":"","value":1}"#, "]}"),
        (variables, "0", "]}"),
        (variables, "{}", "]}"),
        (members, r#""metadata":0"#, "}"),
        (members, r#""text":"""#, "}"),
        (members, r#""\ud800":[[[[[[[[]]]]]]]]"#, "}"),
    ] {
        let body = filled(start, |_| part.to_owned(), end, policy.limits.max_body_bytes);
        in_time(|| {
            let rejected = check_json(body.as_bytes(), &policy).unwrap_err();
            assert_eq!(rejected.issues().len(), policy.limits.max_issues, "{part}");
            assert!(rejected.omitted() > 10_000, "{part}: {}", rejected.omitted());
        });
    }
}

#[test]
fn a_reply_of_very_many_members_is_read_once() {
    let limits = Limits::default();
    let start = r#"{"platformConversationId":"a","#;
    let different = filled(start, |number| format!(r#""{number}":{number}"#), "}", limits.max_reply_bytes);
    in_time(|| {
        let read = reply::parse_json(different.as_bytes(), &limits).unwrap();
        assert!(read.extra.names().count() > 50_000);
        assert_eq!(read.extra.names().next(), Some("0"));
    });

    let same = filled(start, |number| format!(r#""x":{number}"#), "}", limits.max_reply_bytes);
    in_time(|| {
        let read = reply::parse_json(same.as_bytes(), &limits).unwrap();
        assert_eq!(read.extra.names().collect::<Vec<_>>(), ["x"]);
        assert!(same.ends_with(&format!("{}}}", read.extra.get("x").map_or("", |value| value.get()))));
    });
}
