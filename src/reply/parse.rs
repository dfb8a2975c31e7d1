//! Reading a reply.

use std::borrow::Cow;

use super::agent_reply::{AgentReply, Attachment, Intent, Number};
use super::sorted::{Sorted, text};
use crate::event::Rejected;
use crate::json::{self, Members, Reader};
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
/// [`Rejected`]: the body is not a JSON object, or does not say which conversation it belongs to.
pub fn parse_json(body: &[u8], limits: &Limits) -> Result<AgentReply, Rejected> {
    let sorted = Sorted::read(body, limits)?;
    let [bot_id, conversation_id, words, intents, attachments] = sorted.known;
    Ok(AgentReply {
        bot_id: bot_id.and_then(own_text),
        conversation_id: conversation_id.and_then(own_text),
        platform_conversation_id: sorted.conversation.into_owned(),
        text: words.and_then(own_text),
        predicted_intents: intents.map(|list| items(list, Intent::read)).unwrap_or_default(),
        attachments: attachments.map(|list| items(list, Attachment::read)).unwrap_or_default(),
        extra: Members::new(&sorted.extra),
    })
}

impl Intent {
    fn read(members: &mut Members) -> Option<Self> {
        let value = own_text(members.take("value")?.get())?;
        let name = own_text(members.take("name")?.get())?;
        let confidence = Number::new(members.take("confidence")?);
        Some(Self { value, name, confidence, extra: std::mem::take(members) })
    }
}

impl Attachment {
    fn read(members: &mut Members) -> Option<Self> {
        let path = own_text(members.take("path")?.get())?;
        Some(Self { path, extra: std::mem::take(members) })
    }
}

/// What a value says, for itself.
fn own_text(value: &str) -> Option<String> {
    text(value).map(Cow::into_owned)
}

/// The entries of a list that is known to fit.
fn items<T>(list: &str, read: impl Fn(&mut Members) -> Option<T>) -> Vec<T> {
    let mut reader = Reader::new(list);
    let items = reader.value().and_then(|_| json::items(&mut reader)).unwrap_or_default();
    items.into_iter().filter_map(|item| read(&mut members(item)?)).collect()
}

fn members(object: &str) -> Option<Members> {
    let mut reader = Reader::new(object);
    let members = reader.value().and_then(|_| json::members(&mut reader)).ok()?;
    Some(Members::new(&members))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Raw;

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
        assert_eq!(reply.predicted_intents[0].confidence.to_f64(), 1.0);
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
            let mut extra: Vec<_> = reply.extra.names().collect();
            extra.sort_unstable();
            assert_eq!(extra, kept, "{body}");
            assert!(reply.extra.iter().all(|(_, value)| body.contains(value.get())), "{body}");
        }
    }

    #[test]
    fn parts_keep_what_is_not_ours() {
        let body = r#"{"platformConversationId":"c","predictedIntents":[{"value":"v","name":"n","confidence":0.5,"hue":1}],"attachments":[{"path":"p","mime":"m"}]}"#;
        let reply = parse(body).unwrap();
        assert_eq!(reply.predicted_intents[0].extra.get("hue").unwrap().get(), "1");
        assert_eq!(reply.attachments[0].extra.get("mime").unwrap().get(), "\"m\"");
    }

    #[test]
    fn of_what_stands_twice_the_last_counts() {
        let body = r#"{"platformConversationId":"b","text":"a","text":5,"conversationId":5,"conversationId":"c","x":1,"y":2,"x":3,"platformConversationId":"c","attachments":[{"path":"p","m":1,"m":2,"path":"q"}]}"#;
        let reply = parse(body).unwrap();
        assert_eq!(reply.platform_conversation_id.as_str(), "c");
        assert_eq!(reply.conversation_id.as_deref(), Some("c"));
        assert_eq!(reply.text, None);
        let extra: Vec<_> = reply.extra.iter().map(|(name, value)| (name, value.get())).collect();
        assert_eq!(extra, [("text", "5"), ("y", "2"), ("x", "3")]);
        assert_eq!(reply.attachments[0].path, "q");
        assert_eq!(reply.attachments[0].extra.get("m").map(Raw::get), Some("2"));
    }

    #[test]
    fn no_depth_is_too_deep() {
        let body =
            format!(r#"{{"platformConversationId":"c","deep":{}{}}}"#, "[".repeat(9_999), "]".repeat(9_999));
        assert_eq!(parse(&body).unwrap().extra.names().count(), 1);
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
