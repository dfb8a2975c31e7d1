//! From bytes to a reply.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::agent_reply::AgentReply;
use crate::event::{BotId, ConversationId, Fault, Issue, Kind, Rejected};
use crate::json;
use crate::limits::Limits;

/// The member that says where a reply belongs, and the one that no reply can do without.
const CONVERSATION: &str = "platformConversationId";

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
/// [`Rejected`]: the body is not a JSON object, or does not say which conversation it belongs to.
pub fn parse_json(body: &[u8], limits: &Limits) -> Result<AgentReply, Rejected> {
    let max_bytes = limits.max_reply_bytes;
    if body.len() > max_bytes {
        return Err(Rejected::whole(Fault::BodyTooLarge { max_bytes }));
    }
    let mut members = Members::read(body).map_err(Rejected::whole)?;
    let conversation = members
        .conversation(limits)
        .map_err(|fault| Rejected::from_issues(vec![Issue::new(format!("/{CONVERSATION}"), fault)]))?;
    Ok(AgentReply {
        bot_id: members.take_if("botId", |id: &String| BotId::parse(id.as_str(), limits).is_ok()),
        conversation_id: members.take("conversationId"),
        platform_conversation_id: conversation,
        text: members.take("text"),
        predicted_intents: members.take("predictedIntents").unwrap_or_default(),
        attachments: members.take("attachments").unwrap_or_default(),
        extra: members.0,
    })
}

/// The members of a reply, as they were written; what is left at the end is extra.
struct Members(BTreeMap<String, Box<RawValue>>);

impl Members {
    fn read(body: &[u8]) -> Result<Self, Fault> {
        let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
        let whole = json::read(body, |source| <&RawValue>::deserialize(source))?;
        match kind_of(whole) {
            Kind::Object => {
                json::read(whole.get().as_bytes(), |source| BTreeMap::deserialize(source)).map(Self)
            }
            found => Err(Fault::WrongType { expected: Kind::Object, found }),
        }
    }

    fn conversation(&mut self, limits: &Limits) -> Result<ConversationId<'static>, Fault> {
        let missing = Fault::Missing { expected: "a string that names the conversation" };
        let id = self.0.remove(CONVERSATION).ok_or_else(|| missing.clone())?;
        match serde_json::from_str::<Option<String>>(id.get()) {
            Ok(Some(text)) => ConversationId::parse(text, limits),
            Ok(None) => Err(missing),
            Err(_) => Err(Fault::WrongType { expected: Kind::String, found: kind_of(&id) }),
        }
    }

    /// The value of a member that has the shape we know; any other stays where it is, and is extra.
    fn take<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        self.take_if(name, |_| true)
    }

    fn take_if<T: DeserializeOwned>(&mut self, name: &str, fits: impl Fn(&T) -> bool) -> Option<T> {
        let value: Option<T> = serde_json::from_str(self.0.get(name)?.get()).ok()?;
        if value.as_ref().is_none_or(&fits) {
            self.0.remove(name);
        }
        value.filter(fits)
    }
}

/// The kind of a value, by its first character.
fn kind_of(value: &RawValue) -> Kind {
    match value.get().bytes().next() {
        Some(b'{') => Kind::Object,
        Some(b'[') => Kind::List,
        Some(b'"') => Kind::String,
        Some(b't' | b'f') => Kind::Boolean,
        Some(b'n') => Kind::Null,
        _ => Kind::Number,
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
            ("\u{feff}{\"platformConversationId\":\"c\"}", &[]),
            (
                r#"{"platformConversationId":"c","text":5,"botId":"a b","conversationId":{}}"#,
                &["botId", "conversationId", "text"],
            ),
            (r#"{"platformConversationId":"c","big":1e999,"text":"\ud800"}"#, &["big", "text"]),
            (r#"{"platformConversationId":"c","botId":7}"#, &["botId"]),
            (r#"{"platformConversationId":"c","botId":null,"text":null}"#, &[]),
            (r#"{"platformConversationId":"c","mood":[1],"data":{"a":null}}"#, &["data", "mood"]),
            (
                r#"{"platformConversationId":"c","attachments":null,"predictedIntents":{}}"#,
                &["predictedIntents"],
            ),
            (r#"{"platformConversationId":"c","attachments":[{"path":"a"},{"url":"b"}]}"#, &["attachments"]),
            (
                r#"{"platformConversationId":"c","predictedIntents":[{"value":"1","name":"n","confidence":"high"}]}"#,
                &["predictedIntents"],
            ),
        ] {
            let reply = parse(body).unwrap();
            let extra: Vec<_> = reply.extra.keys().map(String::as_str).collect();
            assert_eq!(extra, kept, "{body}");
            assert!(reply.extra.values().all(|value| body.contains(value.get())), "{body}");
        }
    }

    #[test]
    fn parts_keep_what_is_not_ours() {
        let body = r#"{"platformConversationId":"c","predictedIntents":[{"value":"v","name":"n","confidence":0.5,"hue":1}],"attachments":[{"path":"p","mime":"m"}]}"#;
        let reply = parse(body).unwrap();
        assert_eq!(reply.predicted_intents[0].extra["hue"], 1);
        assert_eq!(reply.attachments[0].extra["mime"], "m");
    }

    #[test]
    fn no_depth_is_too_deep() {
        let body =
            format!(r#"{{"platformConversationId":"c","deep":{}{}}}"#, "[".repeat(9_999), "]".repeat(9_999));
        assert_eq!(parse(&body).unwrap().extra.len(), 1);
    }

    #[test]
    fn what_can_not_is_refused_with_every_issue() {
        let at = |pointer: &str, code| (pointer.to_owned(), code);
        assert_eq!(issues("[]"), [at("", "wrong-type")]);
        assert_eq!(issues(""), [at("", "no-body")]);
        assert_eq!(issues("{"), [at("", "not-json")]);
        assert_eq!(issues("{}"), [at("/platformConversationId", "missing-member")]);
        assert_eq!(issues(r#"{"platformConversationId":""}"#), [at("/platformConversationId", "empty")]);
        assert_eq!(issues(r#"{"platformConversationId":[]}"#), [at("/platformConversationId", "wrong-type")]);
    }

    #[test]
    fn the_limit_holds_at_its_edge() {
        let limits = Limits { max_reply_bytes: EXAMPLE.len(), ..Limits::default() };
        assert!(parse_json(EXAMPLE.as_bytes(), &limits).is_ok());
        assert!(parse_json(format!("{EXAMPLE} ").as_bytes(), &limits).is_err());
    }
}
