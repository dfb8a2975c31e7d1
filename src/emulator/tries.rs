//! What follows one try to deliver a reply by webhook.
//!
//! No page documents retries, time-out or order of the ticket webhook. These are the habits of the
//! vendor's nearest sibling API (Sunshine Conversations), *unverified* for this one, with waits
//! short enough to be watched.

/// How long the receiver has to answer.
pub(super) const TIMEOUT_MS: u32 = 20_000;

/// The wait after each failed try but the last.
const WAITS_MS: [i64; 4] = [1_000, 5_000, 30_000, 120_000];

/// Statuses that end the tries at once.
const FINAL: [u16; 4] = [400, 401, 403, 404];

/// How a try ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Answered(u16),
    TimedOut,
    Unreachable,
    /// There is no webhook to send to.
    NoWebhook,
}

/// What to do next with the reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Forget,
    TryAgainAt(i64),
}

impl Outcome {
    /// The status, where there was an answer.
    pub(super) const fn status(self) -> Option<u16> {
        match self {
            Self::Answered(status) => Some(status),
            Self::TimedOut | Self::Unreachable | Self::NoWebhook => None,
        }
    }

    /// What the journal says; nothing for a reply that was taken.
    pub(super) fn cause(self) -> Option<&'static str> {
        match self {
            Self::Answered(200..=299) => None,
            Self::Answered(status) if FINAL.contains(&status) => Some("webhook-refused"),
            Self::Answered(_) => Some("webhook-failed"),
            Self::TimedOut => Some("webhook-timed-out"),
            Self::Unreachable => Some("webhook-unreachable"),
            Self::NoWebhook => Some("no-webhook"),
        }
    }

    const fn may_pass(self) -> bool {
        !matches!(self, Self::Answered(200..=299 | 400 | 401 | 403 | 404) | Self::NoWebhook)
    }
}

/// What follows the try with this number, counted from 1.
pub(super) fn next(outcome: Outcome, number: u32, now_ms: i64) -> Next {
    let index = usize::try_from(number).unwrap_or(usize::MAX);
    match WAITS_MS.get(index.saturating_sub(1)) {
        Some(wait_ms) if outcome.may_pass() => Next::TryAgainAt(now_ms + wait_ms),
        _ => Next::Forget,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_tries_then_no_more() {
        for outcome in [
            Outcome::Answered(500),
            Outcome::Answered(429),
            Outcome::Answered(302),
            Outcome::TimedOut,
            Outcome::Unreachable,
        ] {
            for (number, wait_ms) in [(1, 1_000), (2, 5_000), (3, 30_000), (4, 120_000)] {
                assert_eq!(next(outcome, number, 7), Next::TryAgainAt(7 + wait_ms), "{outcome:?}");
            }
            assert_eq!(next(outcome, 5, 7), Next::Forget, "{outcome:?}");
            assert!(outcome.cause().is_some());
        }
    }

    #[test]
    fn what_is_final_ends_at_once() {
        for status in FINAL {
            assert_eq!(next(Outcome::Answered(status), 1, 0), Next::Forget);
            assert_eq!(Outcome::Answered(status).cause(), Some("webhook-refused"));
        }
        assert_eq!(next(Outcome::Answered(200), 1, 0), Next::Forget);
        assert_eq!(Outcome::Answered(200).cause(), None);
        assert_eq!(next(Outcome::NoWebhook, 1, 0), Next::Forget);
    }
}
