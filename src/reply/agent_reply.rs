//! The reply and its parts.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::event::ConversationId;

/// A reply of the agent.
///
/// ```
/// use ticketwire::{Limits, reply};
///
/// let body = br#"{"botId":"618a30beee4e8e87d2f94015","platformConversationId":"case-1","text":"Hello","mood":"good"}"#;
/// let reply = reply::parse_json(body, &Limits::default())?;
/// assert_eq!(reply.text.as_deref(), Some("Hello"));
/// assert_eq!(reply.extra["mood"].get(), "\"good\"");
/// # Ok::<(), ticketwire::event::Rejected>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AgentReply {
    /// The bot that answers; where several bots share a webhook, this tells them apart.
    pub bot_id: Option<String>,
    /// The agent platform's own id of the conversation; opaque.
    pub conversation_id: Option<String>,
    /// The conversation, by the name that the CRM gave it.
    pub platform_conversation_id: ConversationId<'static>,
    /// What the agent says.
    pub text: Option<String>,
    /// What the agent took the event for.
    pub predicted_intents: Vec<Intent>,
    /// What is attached.
    pub attachments: Vec<Attachment>,
    /// Members that are not ours, and ours where they have a shape that we don't know, as they were
    /// written.
    pub extra: BTreeMap<String, Box<RawValue>>,
}

/// An intent that the agent predicted.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Intent {
    /// The intent's id.
    pub value: String,
    /// The intent's name.
    pub name: String,
    /// How sure the agent is, from 0 to 1.
    pub confidence: f64,
    /// Members that are not ours.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// An attachment of a reply.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Attachment {
    /// Opaque. No download is documented: show it, never fetch it.
    pub path: String,
    /// Members that are not ours.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}
