//! The check of an event's bytes.

use super::check::{Accepted, Policy, check};
use super::fault::Fault;
use super::findings::Rejected;
use crate::json;

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
    let max_bytes = policy.limits.max_body_bytes;
    if body.len() > max_bytes {
        return Err(Rejected::whole(Fault::BodyTooLarge { max_bytes }));
    }
    json::read(body, |source| check(source, policy)).unwrap_or_else(|fault| Err(Rejected::whole(fault)))
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
