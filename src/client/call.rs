//! What an answer means, and when to try again. Who sends and awaits is the JavaScript around it, so that
//! a trap leaves no promise hanging.

use wasm_bindgen::prelude::*;

use super::retry::{self, Ended};
use crate::api::Outcome;

/// How long to wait before the next try, in milliseconds; less than nothing, where there is to be none.
/// Status 0: there was no answer. `retry_after_ms` below 0: nothing was asked for. `attempt` is 1 for the first try; `roll`, from 0 to 1, sets the jitter.
#[wasm_bindgen(js_name = waitMs)]
pub fn wait_ms(status: u16, retry_after_ms: f64, attempt: u32, max_retries: u32, roll: f64) -> f64 {
    let asked = (retry_after_ms >= 0.0).then_some(retry_after_ms);
    let ended = if status == 0 { Ended::Unanswered } else { Ended::Answered(status, asked) };
    retry::wait_ms(ended, attempt, max_retries, roll).unwrap_or(-1.0)
}

/// What a status of the API means, by its stable name.
#[wasm_bindgen(js_name = apiCode)]
pub fn api_code(status: u16) -> String {
    Outcome::of_status(status).code().to_owned()
}
