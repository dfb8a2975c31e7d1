//! The check of an event, and of a reply.

use wasm_bindgen::prelude::*;

use crate::event::{Accepted, Policy, Rejected, Warning, check_json, check_value};
use crate::json::{List, Object};
use crate::limits::Limits;
use crate::reply::{KNOWN, Sorted};
use crate::say::Say;

/// What the issues of an event usually take, written.
const USUAL_BYTES: usize = 1_024;

/// Checks the bytes of an event, or of the description of a JavaScript value: JSON, in which `?` stands for
/// what JSON has no word for; no bytes, where the value is too large to describe.
///
/// Answers nothing where it may go as it is and there is nothing to say; else, as all of these do, in JSON:
/// `{issues, omitted, warnings}`, or `{platform, warnings}` with the platform that has to be filled in, if any.
/// Each finding is three texts: code, pointer, message.
#[wasm_bindgen(js_name = checkEvent)]
pub fn check_event(body: &[u8], is_value: bool) -> Option<Vec<u8>> {
    let policy = Policy::default();
    match if is_value { check_value(body, &policy) } else { check_json(body, &policy) } {
        Ok(accepted) => said_of(&accepted),
        Err(rejected) => Some(refused(&rejected)),
    }
}

fn said_of(Accepted { event, warnings, verbatim }: &Accepted<'_>) -> Option<Vec<u8>> {
    #[cfg(feature = "trap")]
    super::trap::at(event.conversation_id().as_str());
    if *verbatim && warnings.is_empty() {
        return None;
    }
    let fill_in = |object: &mut Object<'_>| {
        if !verbatim {
            object.text("platform", event.platform().as_str());
        }
    };
    Some(accepted(fill_in, warnings))
}

/// Checks the bytes of a reply: `{value, warnings}`, where it is one.
#[wasm_bindgen(js_name = checkReply)]
pub fn check_reply(body: &[u8]) -> Vec<u8> {
    match Sorted::read(body, &Limits::default()) {
        Ok(reply) => accepted(|object| write_reply(object.member("value"), &reply), &[]),
        Err(rejected) => refused(&rejected),
    }
}

fn accepted(write: impl FnOnce(&mut Object<'_>), warnings: &[Warning]) -> Vec<u8> {
    let mut out = String::new();
    let mut object = Object::new(&mut out);
    write(&mut object);
    write_warnings(&mut object, warnings);
    object.end();
    out.into_bytes()
}

fn refused(rejected: &Rejected) -> Vec<u8> {
    let mut out = String::with_capacity(USUAL_BYTES);
    let mut object = Object::new(&mut out);
    let mut issues = object.list("issues");
    let mut message = String::with_capacity(USUAL_BYTES);
    for issue in rejected.issues() {
        message.clear();
        issue.fault().say(&mut message);
        write_finding(&mut issues, issue.code(), issue.pointer(), &message);
    }
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
    for warning in warnings {
        let mut message = String::new();
        warning.hint().say(&mut message);
        write_finding(&mut list, warning.code(), warning.pointer(), &message);
    }
    list.end();
}

/// Three entries of a list, not an object: names would take as long to write and to read as all the rest.
fn write_finding(list: &mut List<'_>, code: &str, pointer: &str, message: &str) {
    [code, pointer, message].iter().for_each(|text| list.text(text));
}
