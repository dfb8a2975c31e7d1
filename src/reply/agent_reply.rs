//! The reply and its parts.

use crate::event::ConversationId;
use crate::json::{Members, Raw};

/// A reply of the agent.
///
/// ```
/// use ticketwire::{Limits, reply};
///
/// let body = br#"{"botId":"618a30beee4e8e87d2f94015","platformConversationId":"case-1","text":"Hello","mood":"good"}"#;
/// let reply = reply::parse_json(body, &Limits::default())?;
/// assert_eq!(reply.text.as_deref(), Some("Hello"));
/// assert_eq!(reply.extra.names().collect::<Vec<_>>(), ["mood"]);
/// # Ok::<(), ticketwire::event::Rejected>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
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
    pub extra: Members,
}

/// An intent that the agent predicted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Intent {
    /// The intent's id.
    pub value: String,
    /// The intent's name.
    pub name: String,
    /// How sure the agent is, from 0 to 1.
    pub confidence: Number,
    /// Members that are not ours.
    pub extra: Members,
}

/// An attachment of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attachment {
    /// Opaque. No download is documented: show it, never fetch it.
    pub path: String,
    /// Members that are not ours.
    pub extra: Members,
}

/// A number, as it was written.
///
/// ```
/// use ticketwire::{Limits, reply};
///
/// let body = br#"{"platformConversationId":"c","predictedIntents":[{"value":"1","name":"n","confidence":0.90}]}"#;
/// let confidence = &reply::parse_json(body, &Limits::default())?.predicted_intents[0].confidence;
/// assert_eq!((confidence.get(), confidence.to_f64()), ("0.90", 0.9));
/// # Ok::<(), ticketwire::event::Rejected>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number(Raw);

impl Number {
    pub(super) const fn new(raw: Raw) -> Self {
        Self(raw)
    }

    /// The number as it was written.
    pub fn get(&self) -> &str {
        self.0.get()
    }

    /// The nearest double; beyond the largest it is infinite.
    pub fn to_f64(&self) -> f64 {
        self.get().parse().unwrap_or(f64::NAN)
    }
}
