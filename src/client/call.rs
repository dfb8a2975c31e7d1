//! What an answer means, and when to try again. Who sends and awaits is the JavaScript around it, so that
//! a trap leaves no promise hanging.

use wasm_bindgen::prelude::*;

use super::retry::{self, Ended};
use crate::api::Outcome;

/// How long to wait before the next try, in milliseconds; nothing, where there is to be none. Status 0: there
/// was no answer. `attempt` is 1 for the first try; `roll`, from 0 to 1, sets the jitter.
#[wasm_bindgen(js_name = waitMs)]
pub fn wait_ms(
    status: u16,
    retry_after_ms: Option<f64>,
    attempt: u32,
    max_retries: u32,
    roll: f64,
) -> Option<f64> {
    let ended = if status == 0 { Ended::Unanswered } else { Ended::Answered(status, retry_after_ms) };
    retry::wait_ms(ended, attempt, max_retries, roll)
}

/// What a status of the API means, by its stable name.
#[wasm_bindgen(js_name = apiCode)]
pub fn api_code(status: u16) -> String {
    Outcome::of_status(status).code().to_owned()
}
