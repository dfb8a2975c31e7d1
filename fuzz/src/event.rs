//! The bytes of an event.

use ticketwire::Limits;
use ticketwire::event::{Accepted, Policy, Rejected, UnknownMembers, check_json};

/// Checks the bytes strictly, and leniently with limits that random bytes can reach.
pub fn run(data: &[u8]) {
    let limits =
        Limits { max_text_bytes: 8, max_variables: 2, max_issues: 3, max_nesting: 4, ..Limits::default() };
    let lenient = Policy { limits, unknown_members: UnknownMembers::Drop, fill_in_platform: false };
    for policy in [Policy::default(), lenient] {
        match check_json(data, &policy) {
            Ok(accepted) => check_again(&accepted, data, &policy),
            Err(rejected) => check_issues(&rejected, &policy),
        }
    }
}

/// What is accepted is written as what is accepted again, and then as it is.
fn check_again(accepted: &Accepted<'_>, data: &[u8], policy: &Policy) {
    let json = accepted.event.to_json();
    let again = check_json(json.as_bytes(), policy).expect("what was accepted and written is accepted");
    assert_eq!(again.event, accepted.event);
    assert_eq!(again.event.to_json(), json);
    assert!(again.verbatim, "what we wrote needs no change");
    if accepted.verbatim {
        let sent: serde_json::Value = serde_json::from_slice(data).expect("what goes as it came is JSON");
        assert_eq!(sent["platformConversationId"], accepted.event.conversation_id().as_str());
    }
}

fn check_issues(rejected: &Rejected, policy: &Policy) {
    let issues = rejected.issues();
    assert!(!issues.is_empty(), "what is refused has a reason");
    assert!(issues.len() <= policy.limits.max_issues);
    for issue in issues {
        assert!(issue.pointer().is_empty() || issue.pointer().starts_with('/'));
        assert!(!issue.fault().to_string().is_empty());
    }
}
