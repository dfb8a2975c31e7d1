//! `GET /stats`: what the relay has done, minute by minute.

use worker::Env;

use crate::relay::failure::Answer;
use crate::relay::objects::stats;
use crate::relay::problem::Problem;
use crate::relay::response::Response;
use crate::relay::stats::Window;

/// Answers the counts of the last minutes.
pub(in crate::relay) async fn report(env: &Env, query: &str) -> Answer {
    let window = Window::parse(query).ok_or_else(|| Problem::invalid_query(Window::EXPECTED))?;
    Ok(Response::json(200, stats::page(env, window).await?))
}
