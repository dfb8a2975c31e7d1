//! What the API takes, member by member: the names, and what stands under each.

use super::text::{ConversationId, MetaKey, MetaValue, Platform, Rules, Text};

/// A member of an object that the API knows.
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    /// What to say where it is missing; nothing where it may be.
    pub(super) needed: Option<&'static str>,
}

/// An object that the API knows.
#[derive(Clone, Copy)]
pub(super) struct Schema {
    pub(super) members: &'static [Member],
    pub(super) names: &'static [&'static str],
}

/// What the value of a member is to be.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// A text by these rules.
    Text(&'static Rules),
    /// `true` or `false`.
    Flag,
    /// The list of variables.
    Variables,
}

const fn member(name: &'static str, shape: Shape, needed: Option<&'static str>) -> Member {
    Member { name, shape, needed }
}

/// The names of members, in their order.
#[allow(clippy::indexing_slicing, reason = "the compiler evaluates it, and would say so")]
const fn names<const N: usize>(members: &[Member; N]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut index = 0;
    while index < N {
        names[index] = members[index].name;
        index += 1;
    }
    names
}

/// The event, by the vendor's
/// [reference page](https://developer.zendesk.com/api-reference/ai-agents/ticket/ticket).
pub(super) const EVENT: Schema = Schema { members: &EVENT_MEMBERS, names: &names(&EVENT_MEMBERS) };

const EVENT_MEMBERS: [Member; 4] = [
    member(
        "platformConversationId",
        Shape::Text(&ConversationId::RULES),
        Some("a string that names the conversation"),
    ),
    member("text", Shape::Text(&Text::RULES), None),
    member("platform", Shape::Text(&Platform::RULES), Some("a string; a custom CRM sends \"PUBLIC_API\"")),
    member("metaData", Shape::Variables, None),
];

/// A variable, by the same page.
pub(super) const VARIABLE: Schema = Schema { members: &VARIABLE_MEMBERS, names: &names(&VARIABLE_MEMBERS) };

const VARIABLE_MEMBERS: [Member; 3] = [
    member("key", Shape::Text(&MetaKey::RULES), Some("a string that names the variable")),
    member("value", Shape::Text(&MetaValue::RULES), Some("a string; the API takes no other type")),
    member("sanitize", Shape::Flag, None),
];
