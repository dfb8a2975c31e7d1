//! `GET /conversations/{id}`: what has been said. `DELETE`: forget it.

use worker::Env;

use crate::event::{BotId, ConversationId};
use crate::limits::Limits;
use crate::relay::failure::Answer;
use crate::relay::objects::Object;
use crate::relay::problem::Problem;
use crate::relay::range::Range;
use crate::relay::response::Response;
use crate::relay::transcript::{Page, Slice};

/// Answers a page of a conversation.
pub(in crate::relay) async fn read(env: &Env, bot_id: &BotId<'_>, id: &str, query: &str) -> Answer {
    let id = conversation_id(id)?;
    let range = Range::parse(query).ok_or_else(|| Problem::invalid_query(Range::EXPECTED))?;
    let object = Object::conversation(env, bot_id.as_str(), &id);
    let slice: Option<Slice> = object.ask("GET", &format!("/?{}", range.query()), None).await?;
    let slice = slice.unwrap_or_default();
    if slice.rows.is_empty() && range.after == 0 {
        return Err(Problem::no_such_conversation().into());
    }
    let page = serde_json::to_string(&Page::of(bot_id.as_str(), &id, &slice)?)?;
    Ok(Response::json(200, page))
}

/// Forgets a conversation, now: what was said, and what is still on its way.
pub(in crate::relay) async fn forget(env: &Env, bot_id: &BotId<'_>, id: &str) -> Answer {
    let id = conversation_id(id)?;
    Object::conversation(env, bot_id.as_str(), &id).call("POST", "/forget", None).await?;
    Ok(Response::empty(204))
}

/// The id in a path: any that was ever allowed, though the limit may have been lowered since.
pub(super) fn conversation_id(id: &str) -> Result<ConversationId<'_>, Problem> {
    ConversationId::parse(id, &Limits::largest())
        .map_err(|fault| Problem::invalid_conversation_id(fault.to_string()))
}
