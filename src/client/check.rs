//! The check of an event, and of a reply.

use wasm_bindgen::prelude::*;

use crate::event::{Accepted, Issue, Policy, Rejected, Warning, check_json, check_value};
use crate::json::Object;
use crate::limits::Limits;
use crate::reply::{KNOWN, Sorted};
use crate::say::Say;

/// Checks the bytes of an event, or of the description of a JavaScript value: JSON, in which `?` stands for
/// what JSON has no word for; no bytes, where the value is too large to describe.
///
/// Answers nothing where it may go as it is and there is nothing to say; else, as all of these do, in JSON:
/// `{issues, omitted, warnings}`, or `{warnings}` and on the next line what may go in place of these bytes.
#[wasm_bindgen(js_name = checkEvent)]
pub fn check_event(body: &[u8], is_value: bool) -> Option<Vec<u8>> {
    let policy = Policy::default();
    let checked = if is_value { check_value(body, &policy) } else { check_json(body, &policy) };
    let Accepted { event, warnings, verbatim } = match checked {
        Ok(accepted) => accepted,
        Err(rejected) => return Some(refused(&rejected)),
    };
    #[cfg(feature = "trap")]
    super::trap::at(event.conversation_id().as_str());
    // Who has a value fills it in there.
    let goes_as_it_is = verbatim || is_value;
    if goes_as_it_is && warnings.is_empty() {
        return None;
    }
    let mut out = accepted(&warnings);
    if !goes_as_it_is {
        out.push('\n');
        event.write(&mut out);
    }
    Some(out.into_bytes())
}

/// Checks the bytes of a reply.
#[wasm_bindgen(js_name = checkReply)]
pub fn check_reply(body: &[u8]) -> Vec<u8> {
    let reply = match Sorted::read(body, &Limits::default()) {
        Ok(reply) => reply,
        Err(rejected) => return refused(&rejected),
    };
    let mut out = accepted(&[]);
    out.push('\n');
    write_reply(&mut out, &reply);
    out.into_bytes()
}

fn accepted(warnings: &[Warning]) -> String {
    let mut out = String::new();
    let mut object = Object::new(&mut out);
    write_warnings(&mut object, warnings);
    object.end();
    out
}

fn refused(rejected: &Rejected) -> Vec<u8> {
    let mut out = String::new();
    let mut object = Object::new(&mut out);
    let mut issues = object.list("issues");
    rejected.issues().iter().for_each(|issue| write_issue(issues.entry(), issue));
    issues.end();
    object.member("omitted").number(rejected.omitted());
    write_warnings(&mut object, rejected.warnings());
    object.end();
    out.into_bytes()
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
