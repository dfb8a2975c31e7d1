//! When to try again.
//!
//! The vendor gives no advice, so the schedule is our choice, argued from what delivery systems
//! do: quick at first, since most failures last seconds; hourly in the end, since the rest are
//! outages that people mend; a day in all, since a ticket answered later than that has been
//! answered by someone else. The last try begins when the day is over, so an outage of a day loses
//! nothing; and an event that waited for its turn all day still gets [`MIN_TRIES`]. Jitter keeps
//! the clients of a healed API from coming back at once.

use super::outcome::Outcome;

/// The wait before each try, in seconds; the last repeats until [`GIVE_UP_AFTER_MS`].
const SCHEDULE_SECONDS: &[u64] = &[0, 1, 5, 15, 60, 300, 900, 1_800, 3_600];

/// How long an event is tried, in milliseconds from its acceptance: 24 hours. A try that fails
/// later is the last.
pub const GIVE_UP_AFTER_MS: u64 = 24 * 3_600_000;

/// How many tries an event gets however old it is: one hiccup of the API must not end what has
/// waited behind others for a day.
pub const MIN_TRIES: u32 = 5;

/// The longest `Retry-After` that is honoured, in milliseconds: 1 hour.
pub const MAX_RETRY_AFTER_MS: u64 = 3_600_000;

/// The wait between tries while the API refuses our credentials, in milliseconds: slow enough not
/// to hammer, quick enough that a mended key is found without help.
pub const CREDENTIALS_WAIT_MS: u64 = 60_000;

/// How far a wait may swing to each side, in percent.
const JITTER_PERCENT: u64 = 20;

/// One try that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// How it ended.
    pub outcome: Outcome,
    /// How many tries have used up the schedule, this one included.
    pub number: u32,
    /// What `Retry-After` asked for, in milliseconds.
    pub retry_after_ms: Option<u64>,
    /// Since when the event is tried, in milliseconds since the Unix epoch: its acceptance, as a rule.
    pub since_ms: u64,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The API has it.
    Done,
    /// Try again at this time, in milliseconds since the Unix epoch.
    RetryAt(u64),
    /// As [`RetryAt`](Self::RetryAt), and the try does not count: the event is not at fault.
    HoldUntil(u64),
    /// Trying again would not help, or has gone on for long enough.
    Park,
}

/// What to do after a try, given the time and a die: `roll` from 0 to `u32::MAX` sets the jitter.
///
/// ```
/// use ticketwire::api::{Outcome, retry::{Attempt, Decision, decide}};
///
/// let attempt = Attempt { outcome: Outcome::Failed(500), number: 1, retry_after_ms: None, since_ms: 0 };
/// assert_eq!(decide(attempt, 0, u32::MAX / 2), Decision::RetryAt(999));
/// let refused = Attempt { outcome: Outcome::Refused(400), ..attempt };
/// assert_eq!(decide(refused, 0, 0), Decision::Park);
/// ```
pub fn decide(attempt: Attempt, now_ms: u64, roll: u32) -> Decision {
    match attempt.outcome {
        Outcome::Acknowledged => Decision::Done,
        Outcome::CredentialsRefused(_) => {
            Decision::HoldUntil(now_ms.saturating_add(jittered(CREDENTIALS_WAIT_MS, roll)))
        }
        outcome if outcome.is_retryable() => retry(attempt, now_ms, roll),
        _ => Decision::Park,
    }
}

fn retry(attempt: Attempt, now_ms: u64, roll: u32) -> Decision {
    let scheduled = jittered(wait_ms(attempt.number), roll);
    let asked = attempt.retry_after_ms.unwrap_or(0).min(MAX_RETRY_AFTER_MS);
    let is_over = now_ms >= attempt.since_ms.saturating_add(GIVE_UP_AFTER_MS);
    if is_over && attempt.number >= MIN_TRIES {
        Decision::Park
    } else {
        Decision::RetryAt(now_ms.saturating_add(scheduled.max(asked)))
    }
}

/// The wait after this many tries, before jitter.
fn wait_ms(tries: u32) -> u64 {
    let index = usize::try_from(tries).unwrap_or(usize::MAX);
    let seconds = SCHEDULE_SECONDS.get(index).or(SCHEDULE_SECONDS.last());
    seconds.copied().unwrap_or(0) * 1000
}

fn jittered(wait_ms: u64, roll: u32) -> u64 {
    let swing = wait_ms * JITTER_PERCENT / 100;
    wait_ms - swing + 2 * swing * u64::from(roll) / u64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAILED: Attempt =
        Attempt { outcome: Outcome::Failed(500), number: 1, retry_after_ms: None, since_ms: 0 };

    #[test]
    fn waits_follow_the_schedule_within_the_jitter() {
        for (number, seconds) in
            [(1, 1), (2, 5), (3, 15), (4, 60), (5, 300), (6, 900), (7, 1800), (8, 3600), (20, 3600)]
        {
            let attempt = Attempt { number, ..FAILED };
            assert_eq!(decide(attempt, 10, 0), Decision::RetryAt(10 + seconds * 800), "try {number}");
            assert_eq!(decide(attempt, 10, u32::MAX), Decision::RetryAt(10 + seconds * 1200), "try {number}");
        }
    }

    #[test]
    fn retry_after_delays_and_never_hurries() {
        let asked = |ms| Attempt { outcome: Outcome::RateLimited, retry_after_ms: Some(ms), ..FAILED };
        assert_eq!(decide(asked(30_000), 0, 0), Decision::RetryAt(30_000));
        assert_eq!(decide(asked(0), 0, 0), Decision::RetryAt(800));
        assert_eq!(decide(asked(u64::MAX), 0, 0), Decision::RetryAt(MAX_RETRY_AFTER_MS));
    }

    #[test]
    fn no_number_is_too_large() {
        for now_ms in [0, u64::MAX] {
            for roll in [0, u32::MAX] {
                let attempt =
                    Attempt { number: u32::MAX, retry_after_ms: Some(u64::MAX), since_ms: now_ms, ..FAILED };
                let tried = decide(attempt, now_ms, roll);
                assert!(matches!(tried, Decision::RetryAt(_) | Decision::Park), "{tried:?}");
                let refused = Attempt { outcome: Outcome::CredentialsRefused(401), ..attempt };
                assert!(matches!(decide(refused, now_ms, roll), Decision::HoldUntil(_)));
            }
        }
    }

    #[test]
    fn a_day_is_enough_for_what_has_been_tried_often_enough() {
        let after = |number, now_ms| decide(Attempt { number, ..FAILED }, now_ms, 0);
        assert!(matches!(after(30, GIVE_UP_AFTER_MS - 1), Decision::RetryAt(_)));
        assert_eq!(after(30, GIVE_UP_AFTER_MS), Decision::Park);
        assert!(matches!(after(MIN_TRIES - 1, 2 * GIVE_UP_AFTER_MS), Decision::RetryAt(_)));
        assert_eq!(after(MIN_TRIES, 2 * GIVE_UP_AFTER_MS), Decision::Park);
    }

    #[test]
    fn wrong_credentials_use_up_nothing() {
        let refused = Attempt { outcome: Outcome::CredentialsRefused(401), number: 99, ..FAILED };
        assert_eq!(
            decide(refused, 2 * GIVE_UP_AFTER_MS, 0),
            Decision::HoldUntil(2 * GIVE_UP_AFTER_MS + 48_000)
        );
    }
}
