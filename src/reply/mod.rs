//! What comes back from the agent: the body of the reply webhook.
//!
//! Strict about where a reply belongs, lenient about the rest: a reply that can be put into a
//! conversation is taken, whatever else it holds or lacks, because a refused reply is a lost answer.
//! What is not ours, or not of the shape that we know, is kept as it came.
//!
//! Fields and their meaning: the vendor's
//! [webhook page](https://developer.zendesk.com/api-reference/ai-agents/ticket/ticket-webhook).
//! There is no event id, no time stamp and no event type.

mod agent_reply;
#[cfg(test)]
mod json_schema;
mod parse;
mod sorted;

pub use agent_reply::{AgentReply, Attachment, Intent, Number};
pub use parse::parse_json;
#[cfg(feature = "client")]
pub(crate) use sorted::KNOWN;
#[cfg(any(feature = "client", feature = "relay"))]
pub(crate) use sorted::Sorted;

pub use crate::json::{Members, Raw};

/// The JSON Schema (draft 2020-12) of a reply that is understood whole.
///
/// [`parse_json`] takes more: a member of another shape is kept, unread, in [`AgentReply::extra`].
///
/// ```
/// use ticketwire::reply;
///
/// let schema: serde_json::Value = serde_json::from_str(reply::JSON_SCHEMA)?;
/// assert_eq!(schema["required"], serde_json::json!(["platformConversationId"]));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub const JSON_SCHEMA: &str = include_str!("reply.schema.json");
