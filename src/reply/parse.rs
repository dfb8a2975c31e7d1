//! From bytes to a reply.

use serde_json::{Map, Value};

use super::agent_reply::{AgentReply, Attachment, Intent};
use crate::event::{BotId, ConversationId, Fault, Issue, Kind, Rejected};
use crate::limits::Limits;

/// Reads the body of a reply webhook.
///
/// # Errors
///
/// [`Rejected`], with every issue: the body is not a JSON object, it does not say which
/// conversation it belongs to, or what we use of it has the wrong type.
pub fn parse_json(body: &[u8], limits: &Limits) -> Result<AgentReply, Rejected> {
    let max_bytes = limits.max_reply_bytes;
    if body.len() > max_bytes {
        return Err(Rejected::whole(Fault::BodyTooLarge { max_bytes }));
    }
    match crate::json::read(body, |source| serde::Deserialize::deserialize(source)) {
        Ok(Value::Object(members)) => Reader {
            members,
            issues: Vec::new(),
        }
        .reply(limits),
        Ok(other) => Err(Rejected::whole(Fault::WrongType {
            expected: Kind::Object,
            found: kind_of(&other),
        })),
        Err(fault) => Err(Rejected::whole(fault)),
    }
}

/// Takes members out one by one; what is left at the end is extra.
struct Reader {
    members: Map<String, Value>,
    issues: Vec<Issue>,
}

impl Reader {
    fn reply(mut self, limits: &Limits) -> Result<AgentReply, Rejected> {
        let conversation = self.conversation(limits);
        let bot_id = self.bot_id(limits);
        let text = self.text("text");
        let conversation_id = self.text("conversationId");
        let predicted_intents = self.list("predictedIntents", intent);
        let attachments = self.list("attachments", attachment);
        match conversation {
            Some(platform_conversation_id) if self.issues.is_empty() => Ok(AgentReply {
                bot_id,
                conversation_id,
                platform_conversation_id,
                text,
                predicted_intents,
                attachments,
                extra: self.members,
            }),
            _ => Err(Rejected::from_issues(self.issues)),
        }
    }

    fn conversation(&mut self, limits: &Limits) -> Option<ConversationId<'static>> {
        const NAME: &str = "platformConversationId";
        if !self.members.contains_key(NAME) {
            self.fault(
                NAME,
                Fault::Missing {
                    expected: "a string that names the conversation",
                },
            );
        }
        let text = self.text(NAME)?;
        self.take(NAME, ConversationId::parse(text, limits))
    }

    fn bot_id(&mut self, limits: &Limits) -> Option<String> {
        let text = self.text("botId")?;
        let bot_id = self.take("botId", BotId::parse(text, limits))?;
        Some(bot_id.as_str().to_owned())
    }

    /// A text that may be missing or null, and is nothing else.
    fn text(&mut self, name: &str) -> Option<String> {
        match self.members.remove(name)? {
            Value::String(text) => Some(text),
            Value::Null => None,
            other => {
                self.fault(
                    name,
                    Fault::WrongType {
                        expected: Kind::String,
                        found: kind_of(&other),
                    },
                );
                None
            }
        }
    }

    /// A list whose entries all have the shape that is documented; any other value stays extra.
    fn list<T>(&mut self, name: &str, entry: fn(&Value) -> Option<T>) -> Vec<T> {
        let entries = self.members.get(name).and_then(Value::as_array);
        let read: Option<Vec<T>> = entries.and_then(|entries| entries.iter().map(entry).collect());
        if read.is_some() {
            self.members.remove(name);
        }
        read.unwrap_or_default()
    }

    fn take<T>(&mut self, name: &str, value: Result<T, Fault>) -> Option<T> {
        value.map_err(|fault| self.fault(name, fault)).ok()
    }

    fn fault(&mut self, name: &str, fault: Fault) {
        self.issues.push(Issue::new(format!("/{name}"), fault));
    }
}

fn intent(value: &Value) -> Option<Intent> {
    let text = |name| Some(value.get(name)?.as_str()?.to_owned());
    Some(Intent {
        value: text("value")?,
        name: text("name")?,
        confidence: value.get("confidence")?.as_f64()?,
    })
}

fn attachment(value: &Value) -> Option<Attachment> {
    Some(Attachment {
        path: value.get("path")?.as_str()?.to_owned(),
    })
}

const fn kind_of(value: &Value) -> Kind {
    match value {
        Value::Null => Kind::Null,
        Value::Bool(_) => Kind::Boolean,
        Value::Number(_) => Kind::Number,
        Value::String(_) => Kind::String,
        Value::Array(_) => Kind::List,
        Value::Object(_) => Kind::Object,
    }
}
