//! `GET /parked`: what could not be delivered, across conversations.

use worker::Env;

use crate::relay::failure::Answer;
use crate::relay::http;
use crate::relay::objects::parked;
use crate::relay::parked::Page;
use crate::relay::problem::Problem;
use crate::relay::range::Range;

/// Answers a page of the list, the longest parked first.
pub(in crate::relay) async fn list(env: &Env, query: &str) -> Answer {
    let range = Range::parse(query).ok_or_else(|| Problem::invalid_query(Range::EXPECTED))?;
    let slice = parked::slice(env, range).await?;
    Ok(http::json(200, &serde_json::to_string(&Page::of(&slice)?)?)?)
}
