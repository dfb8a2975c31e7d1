//! From bytes to a reply.

use serde_json::{Map, Value};

use super::agent_reply::{AgentReply, Attachment, Intent};
use crate::event::{BotId, ConversationId, Fault, Issue, Kind, Rejected};
use crate::limits::Limits;

/// Reads the body of a reply webhook.
///
/// ```
/// use ticketwire::{Limits, reply::parse_json};
///
/// let rejected = parse_json(br#"{"text": "Hello"}"#, &Limits::default()).unwrap_err();
/// assert_eq!(rejected.issues()[0].pointer(), "/platformConversationId");
/// ```
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
        Ok(Value::Object(members)) => Reader { members, issues: Vec::new() }.reply(limits),
        Ok(other) => {
            Err(Rejected::whole(Fault::WrongType { expected: Kind::Object, found: kind_of(&other) }))
        }
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
        if self.members.get(NAME).is_none_or(Value::is_null) {
            let expected = "a string that names the conversation";
            self.fault(NAME, Fault::Missing { expected });
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
                self.fault(name, Fault::WrongType { expected: Kind::String, found: kind_of(&other) });
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
    Some(Attachment { path: value.get("path")?.as_str()?.to_owned() })
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the vendor's webhook page.
    const EXAMPLE: &str = r#"{"botId":"618a30beee4e8e87d2f94015","conversationId":"conversation1","platformConversationId":"session1","text":"Hello, this is a bot text message","predictedIntents":[{"value":"1234","name":"intent name","confidence":1}],"attachments":[{"path":"path/to/attachment"}]}"#;

    fn parse(body: &str) -> Result<AgentReply, Rejected> {
        parse_json(body.as_bytes(), &Limits::default())
    }

    fn issues(body: &str) -> Vec<(String, &'static str)> {
        let rejected = parse(body).unwrap_err();
        rejected.issues().iter().map(|issue| (issue.pointer().to_owned(), issue.code())).collect()
    }

    #[test]
    fn the_example_is_read_whole() {
        let reply = parse(EXAMPLE).unwrap();
        assert_eq!(reply.bot_id.as_deref(), Some("618a30beee4e8e87d2f94015"));
        assert_eq!(reply.conversation_id.as_deref(), Some("conversation1"));
        assert_eq!(reply.platform_conversation_id.as_str(), "session1");
        assert_eq!(reply.text.as_deref(), Some("Hello, this is a bot text message"));
        assert_eq!(reply.predicted_intents.len(), 1);
        assert_eq!(reply.predicted_intents[0].confidence, 1.0);
        assert_eq!(reply.attachments[0].path, "path/to/attachment");
        assert!(reply.extra.is_empty());
    }

    #[test]
    fn what_can_be_put_into_a_conversation_is_taken_and_nothing_of_it_lost() {
        for (body, kept) in [
            (r#"{"platformConversationId":"c"}"#, &[][..]),
            (r#"{"platformConversationId":"c","botId":null,"text":null}"#, &[]),
            (r#"{"platformConversationId":"c","mood":[1],"data":{"a":null}}"#, &["data", "mood"]),
            (
                r#"{"platformConversationId":"c","attachments":null,"predictedIntents":{}}"#,
                &["attachments", "predictedIntents"],
            ),
            (r#"{"platformConversationId":"c","attachments":[{"path":"a"},{"url":"b"}]}"#, &["attachments"]),
            (
                r#"{"platformConversationId":"c","predictedIntents":[{"value":"1","name":"n","confidence":"high"}]}"#,
                &["predictedIntents"],
            ),
        ] {
            let reply = parse(body).unwrap();
            let extra: Vec<_> = reply.extra.keys().collect();
            assert_eq!(extra, kept, "{body}");
            let sent: Map<String, Value> = serde_json::from_str(body).unwrap();
            assert!(kept.iter().all(|name| reply.extra[*name] == sent[*name]), "{body}");
        }
    }

    #[test]
    fn what_can_not_is_refused_with_every_issue() {
        let at = |pointer: &str, code| (pointer.to_owned(), code);
        assert_eq!(issues("[]"), [at("", "wrong-type")]);
        assert_eq!(issues(""), [at("", "no-body")]);
        assert_eq!(issues("{"), [at("", "not-json")]);
        assert_eq!(issues("{}"), [at("/platformConversationId", "missing-member")]);
        assert_eq!(
            issues(r#"{"platformConversationId":"","text":1,"botId":"a b","conversationId":{}}"#),
            [
                at("/platformConversationId", "empty"),
                at("/botId", "not-header-safe"),
                at("/text", "wrong-type"),
                at("/conversationId", "wrong-type"),
            ]
        );
    }

    #[test]
    fn the_limit_holds_at_its_edge() {
        let limits = Limits { max_reply_bytes: EXAMPLE.len(), ..Limits::default() };
        assert!(parse_json(EXAMPLE.as_bytes(), &limits).is_ok());
        assert!(parse_json(format!("{EXAMPLE} ").as_bytes(), &limits).is_err());
    }
}
