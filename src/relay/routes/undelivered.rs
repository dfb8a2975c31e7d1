//! `GET /parked` and `GET /waiting`: what has not been delivered, across conversations.

use worker::Env;

use crate::relay::failure::Answer;
use crate::relay::objects::undelivered;
use crate::relay::problem::Problem;
use crate::relay::range::Range;
use crate::relay::response::Response;
use crate::relay::undelivered::{Page, Shelf};

/// Answers a page of a list, the longest in it first.
pub(in crate::relay) async fn list(env: &Env, shelf: Shelf, query: &str) -> Answer {
    let range = Range::parse(query).ok_or_else(|| Problem::invalid_query(Range::EXPECTED))?;
    let slice = undelivered::slice(env, shelf, range).await?;
    Ok(Response::json(200, serde_json::to_string(&Page::from(slice))?))
}
