//! What goes to the agent: a ticket event, its parts, and the check that lets it pass.
//!
//! Each type has one checked door: what exists has been checked. An event comes into being in one
//! of three ways, all through the same doors:
//!
//! - [`TicketEvent::builder`], in code;
//! - [`check_json`], from the bytes of a request;
//! - [`check()`], from anything serde can read, a JavaScript value for one.
//!
//! A check never stops at the first fault: it returns every [`Issue`], with where it is (a JSON
//! pointer), a stable code, what was expected and how to mend it. [`Warning`]s never block.

mod builder;
mod check;
mod fault;
mod findings;
mod json;
#[cfg(test)]
mod json_schema;
mod member;
mod personal;
mod pointer;
mod schema;
mod shape;
mod text;
mod ticket_event;
mod warning;

pub use builder::TicketEventBuilder;
pub use check::{Accepted, Policy, UnknownMembers, check};
pub use fault::{Fault, Issue, Kind};
pub use findings::Rejected;
pub use json::check_json;
#[cfg(feature = "relay")]
pub(crate) use member::meant;
pub use personal::PersonalData;
#[cfg(feature = "relay")]
pub(crate) use pointer::Place;
pub use text::{BotId, ConversationId, MetaKey, MetaValue, Platform, Text};
#[cfg(test)]
pub(crate) use text::{Characters, Rules};
pub use ticket_event::{TicketEvent, Variable};
pub use warning::{Hint, Warning};

/// The platform name that a custom CRM sends.
///
/// Source: the vendor's [reference page](https://developer.zendesk.com/api-reference/ai-agents/ticket/ticket).
pub const PUBLIC_API: &str = "PUBLIC_API";

/// The JSON Schema (draft 2020-12) of what [`check_json`] takes with the default [`Policy`].
///
/// What a schema has no words for, the check refuses all the same: a member that stands twice, a text
/// whose characters are few enough but whose bytes are too many, and a body that is too large.
///
/// ```
/// use ticketwire::event;
///
/// let schema: serde_json::Value = serde_json::from_str(event::JSON_SCHEMA)?;
/// assert_eq!(schema["required"], serde_json::json!(["platformConversationId"]));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub const JSON_SCHEMA: &str = include_str!("event.schema.json");
