//! The check of an event that is a JavaScript value.

use js_sys::{Array, JsString, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::{Deserializer, Serializer};
use wasm_bindgen::prelude::*;

use crate::event::{self, Accepted, Fault, Issue, Kind, Policy, Rejected, TicketEvent, Warning};

/// What JavaScript gets: the event or the issues, and the warnings either way.
#[derive(Serialize)]
#[serde(untagged)]
enum Outcome<'a> {
    Accepted { value: &'a TicketEvent<'a>, warnings: &'a [Warning] },
    Rejected { issues: &'a [Issue], omitted: usize, warnings: &'a [Warning] },
}

/// Checks a value as an event, by the same code that checks bytes: `{value, warnings}` where it may
/// be sent, else `{issues, omitted, warnings}`. Never throws.
#[wasm_bindgen(js_name = checkEvent)]
pub fn check_event(value: JsValue) -> JsValue {
    let policy = Policy { source_survives_errors: true, ..Policy::default() };
    let outcome = check(value, &policy);
    let outcome = match &outcome {
        Ok(Accepted { event, warnings, .. }) => Outcome::Accepted { value: event, warnings },
        Err(rejected) => Outcome::Rejected {
            issues: rejected.issues(),
            omitted: rejected.omitted(),
            warnings: rejected.warnings(),
        },
    };
    outcome.serialize(&Serializer::json_compatible()).unwrap_or(JsValue::UNDEFINED)
}

/// [`event::check`] over a JavaScript value, which may hold what JSON has no word for.
fn check(value: JsValue, policy: &Policy) -> Result<Accepted<'static>, Rejected> {
    let outcome = event::check(Deserializer::from(value.clone()), policy).unwrap_or_else(|_| {
        Err(Rejected::whole(Fault::WrongType { expected: Kind::Object, found: Kind::Other }))
    });
    // A half surrogate pair has become U+FFFD on its way here: rare enough to look twice.
    match outcome {
        Ok(accepted) if !accepted.event.to_json().contains(char::REPLACEMENT_CHARACTER) => Ok(accepted),
        Ok(accepted) => match lone_surrogates(&value) {
            none if none.is_empty() => Ok(accepted),
            issues => Err(Rejected::from_issues(issues)),
        },
        Err(rejected) => Err(rejected.with(lone_surrogates(&value))),
    }
}

/// The texts of an event that no UTF-8 can hold.
fn lone_surrogates(event: &JsValue) -> Vec<Issue> {
    let mut issues = Vec::new();
    for name in ["platformConversationId", "text", "platform"] {
        note(&mut issues, event, name, &format!("/{name}"));
    }
    let variables: Array = member(event, "metaData").dyn_into().unwrap_or_default();
    for (index, variable) in variables.iter().enumerate() {
        for name in ["key", "value"] {
            note(&mut issues, &variable, name, &format!("/metaData/{index}/{name}"));
        }
    }
    issues
}

fn note(issues: &mut Vec<Issue>, object: &JsValue, name: &str, pointer: &str) {
    let text = member(object, name);
    if text.dyn_ref::<JsString>().is_some_and(|text| !text.is_valid_utf16()) {
        issues.push(Issue::new(pointer.to_owned(), Fault::LoneSurrogate { place: None }));
    }
}

fn member(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}
