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
mod parse;

pub use agent_reply::{AgentReply, Attachment, Intent};
pub use parse::parse_json;
