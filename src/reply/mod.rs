//! What comes back from the agent: the body of the reply webhook.
//!
//! Strict about what we use, lenient about the rest: a reply that can be put into a conversation
//! is taken, whatever else it holds or lacks, because a refused reply is a lost answer. Members
//! that are not ours are kept as they came.
//!
//! Fields and their meaning: the vendor's
//! [webhook page](https://developer.zendesk.com/api-reference/ai-agents/ticket/ticket-webhook).
//! There is no event id, no time stamp and no event type.

mod agent_reply;
mod parse;

pub use agent_reply::{AgentReply, Attachment, Intent};
pub use parse::parse_json;
