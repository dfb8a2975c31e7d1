//! `GET /stats`: what the relay has done, minute by minute.

use worker::Env;

use crate::relay::failure::Answer;
use crate::relay::http;
use crate::relay::objects::stats;
use crate::relay::problem::Problem;
use crate::relay::stats::Window;

/// Answers the counts of the last minutes.
pub(in crate::relay) async fn report(env: &Env, query: &str) -> Answer {
    Window::parse(query).ok_or_else(|| Problem::invalid_query(Window::EXPECTED))?;
    Ok(http::json(200, &stats::page(env, query).await?)?)
}
