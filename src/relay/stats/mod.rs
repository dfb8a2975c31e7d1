//! What the relay counts of its own work, minute by minute, so that somebody can see how it is doing.
//!
//! Pure: what is counted ([`Counted`]), how counts add up (`Counts`), what waits to be sent to the
//! object that keeps them ([`Queue`]), and which minutes are asked for ([`Window`]). No count has a customer's word in it, nor an id.

mod counted;
mod counts;
mod queue;
mod window;

pub(super) use counted::Counted;
pub(super) use queue::{Batch, PAUSE_MS, Queue};
pub(super) use window::Window;

/// The step in which is counted, in milliseconds.
pub(super) const STEP_MS: u64 = 60_000;

/// How many minutes are kept: a day.
pub(super) const KEPT_MINUTES: u64 = 24 * 60;

/// The minute of a time, counted from the Unix epoch.
pub(super) const fn minute_of(now_ms: u64) -> u64 {
    now_ms / STEP_MS
}
