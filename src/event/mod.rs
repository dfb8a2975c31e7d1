//! What goes to the agent: a ticket event, its parts, and the check that lets it pass.
//!
//! Each type has one checked door: what exists has been checked. An event comes into being in one
//! of two ways, both through the same doors: [`TicketEvent::builder`], in code, and [`check_json`],
//! from the bytes of a request. The npm package's JavaScript values come to the same check, described
//! in JSON.
//!
//! A check never stops at the first fault: it returns every [`Issue`], with where it is (a JSON
//! pointer), a stable code, what was expected and how to mend it. [`Warning`]s never block.

mod builder;
mod check;
mod distance;
mod fault;
mod findings;
mod issues;
#[cfg(test)]
mod json_schema;
mod member;
mod personal;
mod pointer;
mod schema;
mod text;
mod ticket_event;
mod walk;
mod warning;

pub use builder::TicketEventBuilder;
#[cfg(feature = "client")]
pub(crate) use check::check_value;
pub use check::{Accepted, Policy, UnknownMembers, check_json};
pub use fault::{Fault, Issue, Kind};
pub use findings::Rejected;
#[cfg(feature = "relay")]
pub(crate) use issues::Issues;
#[cfg(feature = "relay")]
pub(crate) use member::meant;
pub use personal::PersonalData;
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
