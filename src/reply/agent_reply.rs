//! The reply and its parts.

use serde::Serialize;
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
/// assert_eq!(reply.extra["mood"], "good");
/// # Ok::<(), ticketwire::event::Rejected>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AgentReply {
    /// The bot that answers; where several bots share a webhook, this tells them apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bot_id: Option<String>,
    /// The agent platform's own id of the conversation; opaque.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation_id: Option<String>,
    /// The conversation, by the name that the CRM gave it.
    pub platform_conversation_id: ConversationId<'static>,
    /// What the agent says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What the agent took the event for.
    pub predicted_intents: Vec<Intent>,
    /// What is attached.
    pub attachments: Vec<Attachment>,
    /// Members that are not ours, and ours where they have a shape that we don't know.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// An intent that the agent predicted.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Intent {
    /// The intent's id.
    pub value: String,
    /// The intent's name.
    pub name: String,
    /// How sure the agent is, from 0 to 1.
    pub confidence: f64,
}

/// An attachment of a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Attachment {
    /// Opaque. No download is documented: show it, never fetch it.
    pub path: String,
}
