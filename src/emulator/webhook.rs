//! Where replies go, and what they look like.

use serde::{Deserialize, Serialize};

use super::proof::Proof;
use super::script::Line;

/// The header that carries the webhook's secret unless configured.
///
/// No page says which header carries it for tickets; this is the habit of the vendor's nearest
/// sibling API, *unverified* for this one.
pub(super) const DEFAULT_HEADER: &str = "X-API-Key";

/// Where replies go, and how they prove where they come from.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Webhook {
    /// None: replies go nowhere. It has to be said: serde would take a missing one for null.
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) url: Option<String>,
    #[serde(default)]
    pub(super) secret: Option<String>,
    #[serde(default = "default_header")]
    pub(super) header: String,
    /// Left out where it is the default, so that a configuration of earlier versions stays the same.
    #[serde(default, skip_serializing_if = "is_default")]
    pub(super) proof: Proof,
}

fn is_default(proof: &Proof) -> bool {
    *proof == Proof::default()
}

fn default_header() -> String {
    DEFAULT_HEADER.to_owned()
}

impl Webhook {
    /// Reads a webhook from JSON; the error says all that is wrong.
    pub(super) fn read(body: &[u8]) -> Result<Self, Vec<String>> {
        let webhook: Self = serde_json::from_slice(body).map_err(|error| vec![error.to_string()])?;
        let problems = webhook.problems();
        if problems.is_empty() { Ok(webhook) } else { Err(problems) }
    }

    /// All that keeps replies from being sent.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.url.as_deref().is_some_and(|url| !is_http(url)) {
            problems.push("url is an absolute http or https URL, or null".to_owned());
        }
        if self.secret.as_deref().is_some_and(|text| !is_visible(text)) {
            problems.push("secret is one or more visible ASCII characters, or null".to_owned());
        }
        if !is_header_name(&self.header) {
            problems.push("header is the name of an HTTP header".to_owned());
        }
        if !self.can_prove() {
            problems.push(
                "a signature needs a secret; that of standard-webhooks is whsec_ and base64".to_owned(),
            );
        }
        problems
    }

    /// Without a secret, replies can be sent without any proof, but not signed.
    fn can_prove(&self) -> bool {
        match &self.secret {
            Some(secret) => self.proof.takes(secret),
            None => self.proof == Proof::Secret,
        }
    }
}

fn is_http(url: &str) -> bool {
    worker::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

fn is_visible(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A `token` of RFC 9110, section 5.6.2.
fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// The body of the webhook, member for member as the vendor's
/// [webhook page](https://developer.zendesk.com/api-reference/ai-agents/ticket/ticket-webhook)
/// has it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    bot_id: &'a str,
    conversation_id: &'a str,
    platform_conversation_id: &'a str,
    #[serde(flatten)]
    line: &'a Line,
}

/// The reply as it is sent.
pub(super) fn body(bot: &str, own_id: &str, platform_id: &str, line: &Line) -> String {
    let body = Body { bot_id: bot, conversation_id: own_id, platform_conversation_id: platform_id, line };
    // Strings, numbers and lists have no way to fail to serialize.
    serde_json::to_string(&body).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::script::{Attachment, Intent};
    use super::*;
    use crate::{Limits, reply};

    #[test]
    fn a_reply_has_the_documented_shape() {
        let line = Line {
            text: "Hello, this is a bot text message".to_owned(),
            delay_ms: 7,
            intents: vec![Intent {
                value: "1234".to_owned(),
                name: "intent name".to_owned(),
                confidence: 1.into(),
            }],
            attachments: vec![Attachment { path: "path/to/attachment".to_owned() }],
        };
        let body = body("618a30beee4e8e87d2f94015", "conversation1", "session1", &line);
        assert_eq!(
            body,
            r#"{"botId":"618a30beee4e8e87d2f94015","conversationId":"conversation1","platformConversationId":"session1","text":"Hello, this is a bot text message","predictedIntents":[{"value":"1234","name":"intent name","confidence":1}],"attachments":[{"path":"path/to/attachment"}]}"#
        );
        let read = reply::parse_json(body.as_bytes(), &Limits::default()).unwrap();
        assert!(read.extra.is_empty());
    }

    #[test]
    fn a_webhook_is_checked_whole() {
        let good = Webhook::read(br#"{"url":"http://127.0.0.1:8787/webhooks/ticket"}"#);
        assert!(good.is_ok_and(|webhook| webhook.header == DEFAULT_HEADER));
        assert!(Webhook::read(br#"{"url":null}"#).is_ok());
        assert!(Webhook::read(b"{}").is_err());
        let problems = Webhook::read(br#"{"url":"/webhooks","secret":"a b","header":"a b"}"#).err();
        assert_eq!(problems.map(|all| all.len()), Some(3));
        for url in ["ftp://a/", "127.0.0.1:8787", ""] {
            let body = format!(r#"{{"url":"{url}"}}"#);
            assert!(Webhook::read(body.as_bytes()).is_err(), "{url}");
        }
        for (proof, works) in [
            (r#""proof":"secret""#, true),
            (r#""proof":"zendesk""#, false),
            (r#""proof":"zendesk","secret":"s""#, true),
            (r#""proof":"standard-webhooks","secret":"s""#, false),
            (r#""proof":"standard-webhooks","secret":"whsec_c2VjcmV0""#, true),
            (r#""proof":"tea""#, false),
        ] {
            let body = format!(r#"{{"url":null,{proof}}}"#);
            assert_eq!(Webhook::read(body.as_bytes()).is_ok(), works, "{proof}");
        }
        let problems = Webhook::read(br#"{"url":null,"key":"x"}"#).err().unwrap();
        assert!(problems[0].contains("unknown field `key`"));
    }
}
