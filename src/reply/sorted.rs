//! A reply whose members are sorted: those of a shape that we know, and the rest.

use std::borrow::Cow;

use crate::event::{BotId, ConversationId, Fault, Issue, Kind, Place, Rejected};
use crate::json::{self, Begun, Broken, Member, Reader, Value};
use crate::limits::Limits;

/// The member that says where a reply belongs, and the one that no reply can do without.
const CONVERSATION: &str = "platformConversationId";

/// The other members that the vendor's
/// [webhook page](https://developer.zendesk.com/api-reference/ai-agents/ticket/ticket-webhook) has.
pub(crate) const KNOWN: [&str; 5] = ["botId", "conversationId", "text", "predictedIntents", "attachments"];

/// What every intent has.
const INTENT: &[(&str, Kind)] =
    &[("value", Kind::String), ("name", Kind::String), ("confidence", Kind::Number)];

/// What every attachment has.
const ATTACHMENT: &[(&str, Kind)] = &[("path", Kind::String)];

/// A reply, its members as they were written.
pub(crate) struct Sorted<'a> {
    pub(crate) conversation: ConversationId<'a>,
    /// The members of [`KNOWN`]. Null is as good as left out.
    pub(crate) known: [Option<&'a str>; 5],
    /// All others, and those that have a shape that we don't know. Of those with one name the last counts.
    pub(crate) extra: Vec<Member<'a>>,
}

impl<'a> Sorted<'a> {
    /// Sorts the body of a reply.
    pub(crate) fn read(body: &'a [u8], limits: &Limits) -> Result<Self, Rejected> {
        let max_bytes = limits.max_reply_bytes;
        if body.len() > max_bytes {
            return Err(Rejected::whole(Fault::BodyTooLarge { max_bytes }));
        }
        let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
        let mut extra = json::whole(body).map_err(Rejected::whole)?;
        let conversation = conversation(json::take(&mut extra, CONVERSATION), limits).map_err(|fault| {
            Rejected::from_issues(vec![Issue::new(Place::Member(CONVERSATION).pointer(), fault)])
        })?;
        let mut known = [None; 5];
        for (slot, name) in known.iter_mut().zip(KNOWN) {
            if json::last(&extra, name).is_some_and(|value| fits(name, value, limits)) {
                *slot = json::take(&mut extra, name).filter(|value| *value != "null");
            }
        }
        Ok(Self { conversation, known, extra })
    }

    /// The bot that answers, where the reply says which.
    #[cfg(feature = "relay")]
    pub(crate) fn bot_id(&self) -> Option<Cow<'a, str>> {
        let [bot_id, ..] = self.known;
        text(bot_id?)
    }
}

/// What a value says, where it is a string.
pub(super) fn text(value: &str) -> Option<Cow<'_, str>> {
    match Reader::new(value).value() {
        Ok(Value::String(text)) => Some(text.text),
        _ => None,
    }
}

fn conversation<'a>(value: Option<&'a str>, limits: &Limits) -> Result<ConversationId<'a>, Fault> {
    let missing = Fault::Missing { expected: "a string that names the conversation" };
    match value.map(|value| Reader::new(value).value()) {
        Some(Ok(Value::String(id))) if id.half.is_none() => ConversationId::parse(id.text, limits),
        Some(Ok(Value::String(_))) => Err(Fault::LoneSurrogate { place: None }),
        Some(Ok(Value::Null) | Err(_)) | None => Err(missing),
        Some(Ok(other)) => Err(Fault::WrongType { expected: Kind::String, found: Kind::of(&other) }),
    }
}

/// Whether a member has the shape that we know it by.
fn fits(name: &str, value: &str, limits: &Limits) -> bool {
    let mut reader = Reader::new(value);
    match (name, reader.value()) {
        (_, Ok(Value::Null)) => true,
        ("predictedIntents", Ok(Value::List)) => are_all(&mut reader, INTENT).unwrap_or(false),
        ("attachments", Ok(Value::List)) => are_all(&mut reader, ATTACHMENT).unwrap_or(false),
        ("botId", Ok(Value::String(id))) => id.half.is_none() && BotId::parse(id.text, limits).is_ok(),
        ("text" | "conversationId", Ok(Value::String(text))) => text.half.is_none(),
        _ => false,
    }
}

/// Whether every entry of a list that has begun is an object with these members.
fn are_all(reader: &mut Reader<'_>, needed: &[(&str, Kind)]) -> Result<bool, Broken> {
    let mut begun = Begun::default();
    while reader.entry(&mut begun)? {
        if reader.value()? != Value::Object || !has_all(reader, needed)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether an object that has begun has these members; one that stands twice fits each time.
fn has_all(reader: &mut Reader<'_>, needed: &[(&str, Kind)]) -> Result<bool, Broken> {
    let mut begun = Begun::default();
    let mut seen = 0_u8;
    while let Some(name) = reader.name(&mut begun)? {
        let value = reader.value()?;
        if let Some(at) = needed.iter().position(|(needed, _)| *needed == name.text) {
            let is_half = matches!(&value, Value::String(text) if text.half.is_some());
            if is_half || needed.get(at).is_none_or(|(_, kind)| *kind != Kind::of(&value)) {
                return Ok(false);
            }
            seen |= 1 << at;
        }
        reader.pass(&value)?;
    }
    Ok(seen.count_ones() as usize == needed.len())
}
