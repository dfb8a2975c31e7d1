//! An order for faults: what goes wrong, for which requests, how often.

use serde::Serialize;
use serde_json::Value;

use super::fault::Faults;

/// Faults as they are asked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Order {
    pub(super) faults: Faults,
    pub(super) times: Times,
    /// How likely each request is met, above 0 and up to 1; without, every one is.
    pub(super) chance: Option<f64>,
    /// Only requests of this conversation; all where there is none.
    pub(super) conversation: Option<String>,
}

/// How many requests an order meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(into = "Value")]
pub(super) enum Times {
    Next(u32),
    Always,
}

impl From<Times> for Value {
    fn from(times: Times) -> Self {
        match times {
            Times::Next(count) => count.into(),
            Times::Always => "always".into(),
        }
    }
}
