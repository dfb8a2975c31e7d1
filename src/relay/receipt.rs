//! What a conversation's object answers to the Worker about an event.

use serde::{Deserialize, Serialize};

use super::report::Report;

/// What became of an event that was handed in, or of a wish for its replay.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Receipt {
    /// It is delivered, or on the disk.
    Taken {
        /// Whether it had been handed in before, with the same key.
        is_repeat: bool,
        report: Report,
    },
    /// Its key was used for another body.
    KeyReused,
    /// As much is waiting as may.
    Full,
    /// It came from a session, and that many came within the last minute.
    TooMany {
        /// In how many seconds one more may come.
        retry_after_s: u64,
    },
    /// Its conversation was deleted while it was tried.
    Forgotten,
    /// It can't be replayed.
    NotParked { report: Report },
}
