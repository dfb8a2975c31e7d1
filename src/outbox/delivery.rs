//! What is known of one event's delivery.

use std::borrow::Cow;

use super::state::State;
use crate::api::Outcome;
use crate::api::retry::{Attempt, Decision, GIVE_UP_AFTER_MS, decide};

/// One event's delivery, without its body.
///
/// ```
/// use ticketwire::api::Outcome;
/// use ticketwire::outbox::{Delivery, Ended, State};
///
/// let waiting = Delivery::new(1, 1_000);
/// let tried = waiting.begin(16_000);
/// assert_eq!(tried.state, State::Sending { until_ms: 16_000 });
/// let done = tried.settle(Ended::of(Outcome::Acknowledged), 1_100, 0);
/// assert_eq!(done.state, State::Delivered { since_ms: 1_100 });
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The event's number in its conversation: counts up in order of acceptance.
    pub seq: u64,
    /// How the row and the event's body are to be read.
    pub version: u32,
    /// Where it stands.
    pub state: State,
    /// When it was accepted, in milliseconds since the Unix epoch.
    pub accepted_ms: u64,
    /// Since when its tries are counted, in milliseconds since the Unix epoch: its acceptance, its
    /// last replay, or the last time that the API refused our credentials.
    pub since_ms: u64,
    /// How many tries have begun. Also tells one try from the next.
    pub tries: u32,
    /// How many tries have used up the schedule.
    pub failures: u32,
    /// How the last try ended.
    pub last: Option<Reason>,
}

/// Why a try did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The stable name: [`Outcome::code`].
    pub code: Cow<'static, str>,
    /// The status that the API answered with, where it answered.
    pub status: Option<u16>,
}

impl From<Outcome> for Reason {
    fn from(outcome: Outcome) -> Self {
        Self { code: Cow::Borrowed(outcome.code()), status: outcome.status() }
    }
}

/// How a try ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// What became of it.
    pub outcome: Outcome,
    /// What `Retry-After` asked for, in milliseconds.
    pub retry_after_ms: Option<u64>,
    /// Whether it is for us to mend where credentials are refused. That is waited for, for as long
    /// as it takes; anybody else's fault has a day.
    pub is_ours: bool,
}

impl Ended {
    /// An end without a `Retry-After`, of a try with credentials of ours.
    pub const fn of(outcome: Outcome) -> Self {
        Self { outcome, retry_after_ms: None, is_ours: true }
    }
}

impl Delivery {
    /// The version that this code writes. A row of a newer one, which an older deployment may meet
    /// after a rollback, is left alone.
    pub const VERSION: u32 = 1;

    /// The delivery of an event that was accepted now.
    pub const fn new(seq: u64, now_ms: u64) -> Self {
        Self {
            seq,
            version: Self::VERSION,
            state: State::Pending { due_ms: now_ms },
            accepted_ms: now_ms,
            since_ms: now_ms,
            tries: 0,
            failures: 0,
            last: None,
        }
    }

    /// A try begins, and may take until then.
    #[must_use]
    pub fn begin(self, until_ms: u64) -> Self {
        Self { state: State::Sending { until_ms }, tries: self.tries.saturating_add(1), ..self }
    }

    /// A try has ended.
    #[must_use]
    pub fn settle(self, ended: Ended, now_ms: u64, roll: u32) -> Self {
        let failures = self.failures.saturating_add(1);
        let last = Some(ended.outcome.into());
        let attempt = Attempt {
            outcome: ended.outcome,
            number: failures,
            retry_after_ms: ended.retry_after_ms,
            since_ms: self.since_ms,
        };
        match decide(attempt, now_ms, roll) {
            Decision::Done => Self { state: State::Delivered { since_ms: now_ms }, last: None, ..self },
            Decision::RetryAt(due_ms) => Self { state: State::Pending { due_ms }, failures, last, ..self },
            // The day that an event is tried for begins anew once our credentials are taken.
            Decision::HoldUntil(due_ms) if ended.is_ours => {
                Self { state: State::Pending { due_ms }, since_ms: now_ms, last, ..self }
            }
            Decision::HoldUntil(due_ms) if now_ms < self.since_ms.saturating_add(GIVE_UP_AFTER_MS) => {
                Self { state: State::Pending { due_ms }, last, ..self }
            }
            Decision::HoldUntil(_) | Decision::Park => {
                Self { state: State::Parked { since_ms: now_ms }, failures, last, ..self }
            }
        }
    }

    /// Whether this code knows how to read it.
    pub const fn is_readable(&self) -> bool {
        self.version <= Self::VERSION
    }

    /// Whether it waits for credentials that the API takes.
    pub fn is_held(&self) -> bool {
        let refused = Outcome::CredentialsRefused(401).code();
        matches!(self.state, State::Pending { .. })
            && self.last.as_ref().is_some_and(|last| last.code == refused)
    }

    /// It is to be tried again from the start; `None` where it is not parked.
    pub fn replay(self, now_ms: u64) -> Option<Self> {
        let State::Parked { .. } = self.state else {
            return None;
        };
        Some(Self { state: State::Pending { due_ms: now_ms }, since_ms: now_ms, failures: 0, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::retry::MIN_TRIES;

    const NOW: u64 = 1_000_000;

    fn sending(failures: u32) -> Delivery {
        Delivery { failures, ..Delivery::new(1, NOW).begin(NOW + 15_000) }
    }

    #[test]
    fn every_outcome_leads_where_it_should() {
        let late = NOW + GIVE_UP_AFTER_MS;
        for (outcome, soon, after_a_day, uses_up) in [
            (Outcome::Acknowledged, "delivered", "delivered", 0),
            (Outcome::Redirected(302), "parked", "parked", 1),
            (Outcome::Refused(400), "parked", "parked", 1),
            (Outcome::Refused(413), "parked", "parked", 1),
            (Outcome::Refused(422), "parked", "parked", 1),
            (Outcome::CredentialsRefused(401), "pending", "pending", 0),
            (Outcome::CredentialsRefused(403), "pending", "pending", 0),
            (Outcome::NotFound, "parked", "parked", 1),
            (Outcome::RateLimited, "pending", "parked", 1),
            (Outcome::Failed(408), "pending", "parked", 1),
            (Outcome::Failed(500), "pending", "parked", 1),
            (Outcome::TimedOut, "pending", "parked", 1),
            (Outcome::Unreachable, "pending", "parked", 1),
            (Outcome::Interrupted, "pending", "parked", 1),
        ] {
            let first = sending(0).settle(Ended::of(outcome), NOW, 0);
            assert_eq!((first.state.name(), first.failures), (soon, uses_up), "{outcome:?}");
            let last = sending(MIN_TRIES).settle(Ended::of(outcome), late, 0);
            assert_eq!(last.state.name(), after_a_day, "{outcome:?}");
            let reason = (outcome != Outcome::Acknowledged).then(|| outcome.into());
            assert_eq!((first.last, last.last), (reason.clone(), reason));
        }
    }

    #[test]
    fn a_refusal_of_credentials_takes_nothing_from_an_events_day() {
        let held = sending(3).settle(Ended::of(Outcome::CredentialsRefused(401)), NOW + GIVE_UP_AFTER_MS, 0);
        assert_eq!((held.since_ms, held.failures), (NOW + GIVE_UP_AFTER_MS, 3));
        assert!(held.is_held() && !sending(3).settle(Ended::of(Outcome::Failed(500)), NOW, 0).is_held());
        assert_eq!(held.accepted_ms, NOW);
    }

    #[test]
    fn a_refusal_that_is_not_ours_to_mend_is_waited_for_a_day() {
        let refused = Ended { is_ours: false, ..Ended::of(Outcome::CredentialsRefused(401)) };
        let after = |ms| sending(0).settle(refused, NOW + ms, 0);
        assert_eq!(after(GIVE_UP_AFTER_MS - 1).state.name(), "pending");
        assert_eq!(after(GIVE_UP_AFTER_MS - 1).since_ms, NOW);
        assert_eq!(after(GIVE_UP_AFTER_MS).state.name(), "parked");
    }

    #[test]
    fn only_what_is_parked_is_replayed_and_then_from_the_start() {
        let parked = sending(4).settle(Ended::of(Outcome::Refused(400)), NOW, 0);
        let again = parked.replay(2 * NOW).unwrap();
        assert_eq!(again.state, State::Pending { due_ms: 2 * NOW });
        assert_eq!((again.since_ms, again.failures, again.tries), (2 * NOW, 0, 1));
        for other in [Delivery::new(1, NOW), sending(0), Delivery::new(1, NOW)] {
            assert_eq!(other.replay(NOW), None);
        }
    }
}
