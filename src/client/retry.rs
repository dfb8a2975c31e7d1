//! When a call is tried again.
//!
//! For somebody who waits, so quick and short: half a second, doubled each time, eight at most, with a
//! jitter of a quarter. The habit of the well-known API clients, and our choice.

/// The wait before the second try, in milliseconds.
const FIRST_WAIT_MS: u32 = 500;

/// The longest wait between two tries, in milliseconds.
const MAX_WAIT_MS: u32 = 8_000;

/// The longest `Retry-After` that is waited for, in milliseconds; who is told to wait longer is told so.
const MAX_RETRY_AFTER_MS: f64 = 60_000.0;

/// How a try ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Ended {
    /// With this status, and what `Retry-After` asked for, in milliseconds.
    Answered(u16, Option<f64>),
    /// Without an answer: the connection failed, or it took too long.
    Unanswered,
}

/// How long to wait before the next try, in milliseconds; nothing where there is to be none. `attempt` is 1
/// for the first try; `roll`, from 0 to 1, sets the jitter.
pub(super) fn wait_ms(ended: Ended, attempt: u32, max_retries: u32, roll: f64) -> Option<f64> {
    if attempt > max_retries {
        return None;
    }
    match ended {
        Ended::Answered(408 | 425 | 429 | 500.., Some(wait)) => (wait <= MAX_RETRY_AFTER_MS).then_some(wait),
        Ended::Answered(408 | 425 | 429 | 500.., None) | Ended::Unanswered => Some(backoff_ms(attempt, roll)),
        Ended::Answered(..) => None,
    }
}

fn backoff_ms(attempt: u32, roll: f64) -> f64 {
    let doublings = (attempt - 1).min(8);
    let wait = (FIRST_WAIT_MS << doublings).min(MAX_WAIT_MS);
    f64::from(wait) * (1.0 - 0.25 * roll)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_twice_the_last_and_has_an_end() {
        let waits: Vec<_> = (1..8).map(|attempt| wait_ms(Ended::Unanswered, attempt, 6, 0.0)).collect();
        let expected =
            [Some(500.0), Some(1_000.0), Some(2_000.0), Some(4_000.0), Some(8_000.0), Some(8_000.0), None];
        assert_eq!(waits, expected);
        assert_eq!(wait_ms(Ended::Unanswered, 1, 2, 1.0), Some(375.0));
        assert_eq!(wait_ms(Ended::Unanswered, u32::MAX - 1, u32::MAX, 0.0), Some(8_000.0));
    }

    #[test]
    fn only_what_may_pass_by_itself_is_tried_again() {
        for (status, again) in [
            (200, false),
            (204, false),
            (301, false),
            (400, false),
            (401, false),
            (403, false),
            (404, false),
            (408, true),
            (409, false),
            (422, false),
            (425, true),
            (429, true),
            (500, true),
            (502, true),
            (599, true),
        ] {
            assert_eq!(wait_ms(Ended::Answered(status, None), 1, 2, 0.0).is_some(), again, "{status}");
        }
        assert_eq!(wait_ms(Ended::Answered(503, None), 1, 0, 0.0), None);
    }

    #[test]
    fn who_is_told_when_to_come_comes_then_or_not_at_all() {
        assert_eq!(wait_ms(Ended::Answered(429, Some(3_000.0)), 1, 2, 0.5), Some(3_000.0));
        assert_eq!(wait_ms(Ended::Answered(503, Some(60_000.0)), 1, 2, 0.5), Some(60_000.0));
        assert_eq!(wait_ms(Ended::Answered(503, Some(60_001.0)), 1, 2, 0.5), None);
        assert_eq!(wait_ms(Ended::Answered(400, Some(1.0)), 1, 2, 0.5), None);
    }
}
