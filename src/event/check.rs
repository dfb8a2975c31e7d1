//! The check of an event: what is checked, how, and what comes of it.

use super::fault::Fault;
use super::findings::{Findings, Rejected};
use super::ticket_event::TicketEvent;
use super::walk::Walk;
use super::warning::Warning;
use crate::json::{self, Reader};
use crate::limits::Limits;

/// What to do with a member that the API does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnknownMembers {
    /// An issue, with the name that was probably meant.
    #[default]
    Refuse,
    /// Leave it out of the event.
    Drop,
}

/// How to check.
///
/// ```
/// use ticketwire::event::{Policy, UnknownMembers, check_json};
///
/// let body = br#"{"platformConversationId":"c","colour":"red"}"#;
/// assert!(check_json(body, &Policy::default()).is_err());
///
/// let lenient = Policy { unknown_members: UnknownMembers::Drop, ..Policy::default() };
/// let accepted = check_json(body, &lenient)?;
/// assert_eq!(accepted.event.to_json(), r#"{"platformConversationId":"c","platform":"PUBLIC_API"}"#);
/// # Ok::<(), ticketwire::event::Rejected>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// What is too large.
    pub limits: Limits,
    /// What to do with strange members.
    pub unknown_members: UnknownMembers,
    /// Fill in [`PUBLIC_API`](super::PUBLIC_API) where `platform` is missing; otherwise that is an
    /// issue, as it is for the API.
    pub fill_in_platform: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self { limits: Limits::default(), unknown_members: UnknownMembers::Refuse, fill_in_platform: true }
    }
}

/// An event that may be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted<'a> {
    /// The event.
    pub event: TicketEvent<'a>,
    /// What is worth a look all the same.
    pub warnings: Vec<Warning>,
    /// Whether what was checked is already exactly what the API takes: nothing was filled in and
    /// nothing left out, so its bytes can go as they came.
    pub verbatim: bool,
}

/// Checks an event in JSON bytes; what is accepted borrows from them.
///
/// ```
/// use ticketwire::event::{Policy, check_json};
///
/// let body = br#"{"platformConversationId": "case-1", "text": "Hello", "platform": "PUBLIC_API"}"#;
/// let accepted = check_json(body, &Policy::default())?;
/// assert!(accepted.verbatim, "the bytes can go as they came");
/// # Ok::<(), ticketwire::event::Rejected>(())
/// ```
///
/// # Errors
///
/// [`Rejected`], with every issue; where the bytes are not JSON, that one alone, with line and
/// column.
pub fn check_json<'a>(body: &'a [u8], policy: &Policy) -> Result<Accepted<'a>, Rejected> {
    if body.len() > policy.limits.max_body_bytes {
        return Err(too_large(policy));
    }
    let text = json::text(body).map_err(Rejected::whole)?;
    check(Reader::new(text), text, policy)
}

/// Checks an event in the description of a JavaScript value: JSON, in which `?` stands for what JSON
/// has no word for. Empty: the value is too large to be described.
#[cfg(feature = "client")]
pub(crate) fn check_value<'a>(value: &'a [u8], policy: &Policy) -> Result<Accepted<'a>, Rejected> {
    if value.is_empty() || value.len() > policy.limits.max_body_bytes {
        return Err(too_large(policy));
    }
    let text = json::text(value).map_err(Rejected::whole)?;
    check(Reader::of_value(text), text, policy)
}

fn too_large(policy: &Policy) -> Rejected {
    Rejected::whole(Fault::BodyTooLarge { max_bytes: policy.limits.max_body_bytes })
}

fn check<'a>(reader: Reader<'a>, text: &'a str, policy: &Policy) -> Result<Accepted<'a>, Rejected> {
    let mut walk = Walk { reader, text, policy, findings: Findings::new(&policy.limits), verbatim: true };
    let draft = walk.whole().map_err(|broken| Rejected::whole(json::not_json(text, broken)))?;
    let Walk { findings, verbatim, .. } = walk;
    let (event, warnings) = findings.conclude(draft)?;
    Ok(Accepted { event, warnings, verbatim })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_limit_holds_at_its_edge() {
        let mut policy = Policy::default();
        let body = br#"{"platformConversationId":"c"}"#;
        policy.limits.max_body_bytes = body.len();
        assert!(check_json(body, &policy).is_ok());
        policy.limits.max_body_bytes -= 1;
        assert_eq!(check_json(body, &policy).unwrap_err().issues()[0].code(), "body-too-large");
    }
}
