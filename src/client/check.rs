//! The check of an event, and of a reply.

use wasm_bindgen::prelude::*;

use crate::event::{self, Accepted, Issue, Policy, Rejected, Warning, check_json};
use crate::json::Object;
use crate::limits::Limits;
use crate::reply::{KNOWN, Sorted};
use crate::say::Say;

/// Checks the description of a JavaScript value as an event, by the same code that checks bytes: JSON, in
/// which `?` stands for what JSON has no word for; nothing, where the value is too large to describe.
///
/// Answers in JSON, as all of these do: `{value, warnings}` where it may be sent, else
/// `{issues, omitted, warnings}`.
#[wasm_bindgen(js_name = checkEvent)]
pub fn check_event(value: Option<String>) -> String {
    outcome_of_event(event::check_value(value.as_deref(), &Policy::default()))
}

/// Checks the bytes of an event.
#[wasm_bindgen(js_name = checkEventJson)]
pub fn check_event_json(body: &[u8]) -> String {
    outcome_of_event(check_json(body, &Policy::default()))
}

/// Checks the bytes of a reply.
#[wasm_bindgen(js_name = checkReplyJson)]
pub fn check_reply_json(body: &[u8]) -> String {
    match Sorted::read(body, &Limits::default()) {
        Ok(reply) => accepted(|out| write_reply(out, &reply), &[]),
        Err(rejected) => refused(&rejected),
    }
}

fn outcome_of_event(outcome: Result<Accepted<'_>, Rejected>) -> String {
    match outcome {
        Ok(Accepted { event, warnings, .. }) => {
            #[cfg(feature = "trap")]
            super::trap::at(event.conversation_id().as_str());
            accepted(|out| event.write(out), &warnings)
        }
        Err(rejected) => refused(&rejected),
    }
}

fn accepted(write: impl FnOnce(&mut String), warnings: &[Warning]) -> String {
    let mut out = String::new();
    let mut object = Object::new(&mut out);
    write(object.member("value"));
    write_warnings(&mut object, warnings);
    object.end();
    out
}

fn refused(rejected: &Rejected) -> String {
    let mut out = String::new();
    let mut object = Object::new(&mut out);
    let mut issues = object.list("issues");
    rejected.issues().iter().for_each(|issue| write_issue(issues.entry(), issue));
    issues.end();
    object.member("omitted").number(rejected.omitted());
    write_warnings(&mut object, rejected.warnings());
    object.end();
    out
}

/// What is ours under its name, the rest under `extra`; values as they came.
fn write_reply(out: &mut String, reply: &Sorted<'_>) {
    let mut object = Object::new(out);
    object.text("platformConversationId", reply.conversation.as_str());
    for (name, value) in KNOWN.into_iter().zip(reply.known) {
        let is_list = matches!(name, "predictedIntents" | "attachments");
        if let Some(value) = value.or(is_list.then_some("[]")) {
            object.member(name).push_str(value);
        }
    }
    let mut extra = Object::new(object.member("extra"));
    for (name, value) in &reply.extra {
        extra.member(name).push_str(value);
    }
    extra.end();
    object.end();
}

fn write_warnings(object: &mut Object<'_>, warnings: &[Warning]) {
    let mut list = object.list("warnings");
    warnings.iter().for_each(|warning| write_warning(list.entry(), warning));
    list.end();
}

fn write_issue(out: &mut String, issue: &Issue) {
    let mut message = String::new();
    issue.fault().say(&mut message);
    finding(out, issue.pointer(), issue.code(), &message);
}

fn write_warning(out: &mut String, warning: &Warning) {
    let mut message = String::new();
    warning.hint().say(&mut message);
    finding(out, warning.pointer(), warning.code(), &message);
}

fn finding(out: &mut String, pointer: &str, code: &str, message: &str) {
    let mut object = Object::new(out);
    object.text("code", code);
    object.text("pointer", pointer);
    object.text("message", message);
    object.end();
}
