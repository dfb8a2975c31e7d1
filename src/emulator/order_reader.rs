//! From JSON to an order for faults, or to what was expected instead.

use std::collections::HashSet;
use std::mem::discriminant;
use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::fault::{Fault, Faults, MAX_WAIT_MS, RetryAfter, STALE_MS};
use super::order::{Order, Times};

/// Every kind of fault, for the one who asked for another.
const KINDS: &str = "pass, status, latency, no-answer, drop, ack-lost, no-reply, reply-late, \
    reply-twice, reply-reversed, reply-before-ack, reply-wrong-proof, reply-stale-proof";

const STATUSES: RangeInclusive<u32> = 200..=599;

/// Reads an order; the error says what was expected.
pub(super) fn read(body: &[u8]) -> Result<Order, String> {
    let value: Value = serde_json::from_slice(body).map_err(|_| "the body is JSON".to_owned())?;
    let members = object(&value).ok_or("an order is an object with the member fault")?;
    only(members, &["fault", "times", "chance", "conversation"], "an order")?;
    Ok(Order {
        faults: faults(members.get("fault").ok_or("an order has the member fault")?)?,
        times: times(members)?,
        chance: chance(members)?,
        conversation: conversation(members)?,
    })
}

fn times(members: &Map<String, Value>) -> Result<Times, String> {
    match members.get("times") {
        None => Ok(Times::Next(1)),
        Some(Value::String(text)) if text == "always" => Ok(Times::Always),
        Some(value) => match count(value) {
            Some(count @ 1..) => Ok(Times::Next(count)),
            _ => Err("times is a whole number from 1, or \"always\"".to_owned()),
        },
    }
}

fn chance(members: &Map<String, Value>) -> Result<Option<f64>, String> {
    match members.get("chance") {
        None => Ok(None),
        Some(value) => match value.as_f64() {
            Some(chance) if chance > 0.0 && chance <= 1.0 => Ok(Some(chance)),
            _ => Err("chance is a number above 0 and up to 1".to_owned()),
        },
    }
}

fn conversation(members: &Map<String, Value>) -> Result<Option<String>, String> {
    match members.get("conversation") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(id)) => Ok(Some(id.clone())),
        Some(_) => Err("conversation is a string".to_owned()),
    }
}

fn faults(value: &Value) -> Result<Faults, String> {
    let Value::Array(values) = value else {
        return fault(value).map(Faults::One);
    };
    if values.is_empty() {
        return Err("fault is one fault, or a list of at least one".to_owned());
    }
    let faults = values.iter().map(fault).collect::<Result<Vec<_>, _>>()?;
    agree(&faults)?;
    Ok(Faults::Several(faults))
}

fn fault(value: &Value) -> Result<Fault, String> {
    let members = object(value).ok_or("fault is an object with the member kind, or a list of such")?;
    let kind = members.get("kind").and_then(Value::as_str);
    let fault = of_kind(kind.unwrap_or_default(), members)?;
    // What it is written with again is what it may be written with.
    let written = serde_json::to_value(&fault).unwrap_or_default();
    let known: Vec<_> = object(&written).into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    only(members, &known, kind.unwrap_or_default())?;
    Ok(fault)
}

fn of_kind(kind: &str, members: &Map<String, Value>) -> Result<Fault, String> {
    Ok(match kind {
        "pass" => Fault::Pass {},
        "status" => Fault::Status {
            status: status(members)?.ok_or_else(|| expected("status", &STATUSES))?,
            retry_after: retry_after(members)?,
        },
        "latency" => Fault::Latency { ms: wait(members)? },
        "no-answer" => Fault::NoAnswer {},
        "drop" => Fault::Drop {},
        "ack-lost" => Fault::AckLost { status: status(members)? },
        "no-reply" => Fault::NoReply {},
        "reply-late" => Fault::ReplyLate { ms: wait(members)? },
        "reply-twice" => Fault::ReplyTwice {},
        "reply-reversed" => Fault::ReplyReversed {},
        "reply-before-ack" => Fault::ReplyBeforeAck {},
        "reply-wrong-proof" => Fault::ReplyWrongProof {},
        "reply-stale-proof" => {
            Fault::ReplyStaleProof { ms: number(members, "ms", &(0..=u32::MAX))?.unwrap_or(STALE_MS) }
        }
        _ => return Err(format!("kind is one of {KINDS}")),
    })
}

fn wait(members: &Map<String, Value>) -> Result<u32, String> {
    let waits = 0..=MAX_WAIT_MS;
    number(members, "ms", &waits)?.ok_or_else(|| expected("ms", &waits))
}

fn status(members: &Map<String, Value>) -> Result<Option<u16>, String> {
    let status = number(members, "status", &STATUSES)?;
    Ok(status.and_then(|status| status.try_into().ok()))
}

fn retry_after(members: &Map<String, Value>) -> Result<Option<RetryAfter>, String> {
    let Some(value) = members.get("retryAfter") else {
        return Ok(None);
    };
    let text = value.as_str().filter(|text| is_header_text(text));
    let found = count(value)
        .map(RetryAfter::Seconds)
        .or_else(|| text.map(|text| RetryAfter::Text(text.to_owned())))
        .ok_or("retryAfter is a whole number of seconds, or text that fits a header")?;
    Ok(Some(found))
}

fn number(
    members: &Map<String, Value>,
    name: &str,
    range: &RangeInclusive<u32>,
) -> Result<Option<u32>, String> {
    match members.get(name) {
        None => Ok(None),
        Some(value) => match count(value) {
            Some(number) if range.contains(&number) => Ok(Some(number)),
            _ => Err(expected(name, range)),
        },
    }
}

fn expected(name: &str, range: &RangeInclusive<u32>) -> String {
    format!("{name} is a whole number from {} to {}", range.start(), range.end())
}

fn count(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|number| number.try_into().ok())
}

fn object(value: &Value) -> Option<&Map<String, Value>> {
    value.as_object()
}

fn only(members: &Map<String, Value>, known: &[&str], what: &str) -> Result<(), String> {
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(format!("{what} has no member {name}, only {}", known.join(", "))),
        None => Ok(()),
    }
}

fn is_header_text(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

/// Whether these can meet one event together.
fn agree(faults: &[Fault]) -> Result<(), String> {
    use Fault::{AckLost, Drop, NoAnswer, NoReply, ReplyBeforeAck, ReplyLate, Status};
    let count = |is: fn(&Fault) -> bool| faults.iter().filter(|fault| is(fault)).count();
    let kinds: HashSet<_> = faults.iter().map(discriminant).collect();
    let ends = count(|fault| matches!(fault, Status { .. } | NoAnswer {} | Drop {} | AckLost { .. }));
    let silences = count(|fault| matches!(fault, Status { .. } | NoAnswer {} | Drop {} | NoReply {}));
    let problem = if kinds.len() < faults.len() {
        "a list has each kind at most once"
    } else if ends > 1 {
        "a list has at most one of status, no-answer, drop and ack-lost"
    } else if silences > 0 && (silences > 1 || count(Fault::is_of_replies) > 0) {
        "where there is status, no-answer, drop or no-reply, there is no reply for another fault"
    } else if faults.contains(&ReplyBeforeAck {}) && count(|fault| matches!(fault, ReplyLate { .. })) > 0 {
        "a reply is either late or before the acknowledgement"
    } else {
        return Ok(());
    };
    Err(problem.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults_of(text: &str) -> Faults {
        read(format!(r#"{{"fault":{text}}}"#).as_bytes()).unwrap().faults
    }

    #[test]
    fn an_order_says_what_how_often_how_likely_and_for_whom() {
        let order = read(br#"{"fault":{"kind":"status","status":503,"retryAfter":30}}"#).unwrap();
        assert_eq!(
            order,
            Order {
                faults: Faults::One(Fault::Status {
                    status: 503,
                    retry_after: Some(RetryAfter::Seconds(30))
                }),
                times: Times::Next(1),
                chance: None,
                conversation: None,
            }
        );
        let body = br#"{"fault":[{"kind":"pass"}],"times":"always","chance":0.25,"conversation":"case-1"}"#;
        assert_eq!(
            read(body).unwrap(),
            Order {
                faults: Faults::Several(vec![Fault::Pass {}]),
                times: Times::Always,
                chance: Some(0.25),
                conversation: Some("case-1".to_owned()),
            }
        );
    }

    /// A fault of this kind, with the members that it needs.
    fn written(kind: &str) -> String {
        let needed = match kind {
            "status" => r#","status":503"#,
            "latency" | "reply-late" | "reply-stale-proof" => r#","ms":5"#,
            _ => "",
        };
        format!(r#"{{"kind":"{kind}"{needed}}}"#)
    }

    #[test]
    fn every_kind_is_known_and_written_as_it_was_read() {
        for kind in KINDS.split(", ") {
            let text = written(kind);
            assert_eq!(serde_json::to_string(&faults_of(&text)).unwrap(), text);
        }
        let stale = faults_of(r#"{"kind":"reply-stale-proof"}"#);
        assert_eq!(stale, Faults::One(Fault::ReplyStaleProof { ms: 3_600_000 }));
    }

    #[test]
    fn several_faults_go_together_where_they_can() {
        for (kinds, agree) in [
            ("latency ack-lost reply-twice reply-reversed reply-wrong-proof", true),
            ("ack-lost reply-before-ack", true),
            ("ack-lost no-reply", true),
            ("latency no-answer", true),
            ("latency drop", true),
            ("pass reply-twice", true),
            ("latency latency", false),
            ("drop ack-lost", false),
            ("no-answer drop", false),
            ("drop reply-twice", false),
            ("no-reply reply-late", false),
            ("drop no-reply", false),
            ("reply-late reply-before-ack", false),
            ("", false),
        ] {
            let faults: Vec<_> = kinds.split_whitespace().map(written).collect();
            let text = format!(r#"{{"fault":[{}]}}"#, faults.join(","));
            assert_eq!(read(text.as_bytes()).is_ok(), agree, "{text}");
        }
    }

    #[test]
    fn a_bad_order_is_told_what_was_expected() {
        for (body, expected) in [
            ("", "the body is JSON"),
            ("[]", "an order is an object"),
            ("{}", "has the member fault"),
            (r#"{"fault":"drop"}"#, "fault is an object with the member kind"),
            (r#"{"fault":{"kind":"tea"}}"#, "kind is one of pass, status"),
            (r#"{"fault":{"status":503}}"#, "kind is one of pass, status"),
            (r#"{"fault":{"kind":"status"}}"#, "status is a whole number from 200 to 599"),
            (r#"{"fault":{"kind":"status","status":199}}"#, "from 200 to 599"),
            (r#"{"fault":{"kind":"status","status":"503"}}"#, "from 200 to 599"),
            (r#"{"fault":{"kind":"ack-lost","status":600}}"#, "from 200 to 599"),
            (r#"{"fault":{"kind":"status","status":503,"retryAfter":"a\nb"}}"#, "fits a header"),
            (r#"{"fault":{"kind":"status","status":503,"retryAfter":-1}}"#, "fits a header"),
            (r#"{"fault":{"kind":"latency"}}"#, "ms is a whole number from 0 to 600000"),
            (r#"{"fault":{"kind":"latency","ms":600001}}"#, "from 0 to 600000"),
            (r#"{"fault":{"kind":"reply-late","ms":1.5}}"#, "from 0 to 600000"),
            (r#"{"fault":{"kind":"no-answer","ms":1}}"#, "no-answer has no member ms, only kind"),
            (r#"{"fault":{"kind":"drop"},"times":0}"#, "times is a whole number from 1"),
            (r#"{"fault":{"kind":"drop"},"times":"ever"}"#, "times is a whole number from 1"),
            (r#"{"fault":{"kind":"drop"},"chance":0}"#, "chance is a number above 0"),
            (r#"{"fault":{"kind":"drop"},"chance":1.1}"#, "chance is a number above 0"),
            (r#"{"fault":{"kind":"drop"},"chance":"1"}"#, "chance is a number above 0"),
            (r#"{"fault":{"kind":"drop"},"conversation":1}"#, "conversation is a string"),
            (r#"{"fault":{"kind":"drop"},"time":1}"#, "an order has no member time"),
        ] {
            let error = read(body.as_bytes()).unwrap_err();
            assert!(error.contains(expected), "{body}: {error}");
        }
    }
}
