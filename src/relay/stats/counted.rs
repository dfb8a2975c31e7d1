//! Something that is counted, and the counters that it adds to.

use crate::api::Outcome;
use crate::outbox::{Delivery, Reason, State};

/// Up to how many milliseconds, and how that is called: roughly doubling. Our choice.
const LATENCIES: [(u64, &str); 12] = [
    (10, "10"),
    (20, "20"),
    (50, "50"),
    (100, "100"),
    (200, "200"),
    (500, "500"),
    (1_000, "1000"),
    (2_000, "2000"),
    (5_000, "5000"),
    (10_000, "10000"),
    (60_000, "60000"),
    (600_000, "600000"),
];

/// Up to how many tries, and how that is called. Our choice.
const ATTEMPTS: [(u64, &str); 4] = [(1, "1"), (2, "2"), (5, "3-5"), (10, "6-10")];

/// What is beyond the last.
const MORE: &str = "more";

/// A counter: its name and, of those that share it, which one. Neither has a character to escape in JSON.
pub(super) type Counter = (&'static str, &'static str);

/// Something that has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::relay) enum Counted {
    /// A new event is stored or, sent directly, the API has it.
    Accepted,
    /// A try of an event has ended.
    Tried(Outcome),
    /// The API has acknowledged an event.
    Delivered {
        /// How long after its acceptance, in milliseconds.
        took_ms: u64,
        /// With which of its tries.
        tries: u32,
    },
    /// An event is not tried any more.
    Parked,
    /// A reply is stored.
    Replied,
}

impl Counted {
    /// What the end of a try has made of an event, if anything.
    pub(in crate::relay) const fn of(delivery: &Delivery) -> Option<Self> {
        match delivery.state {
            State::Delivered { since_ms } => Some(Self::Delivered {
                took_ms: since_ms.saturating_sub(delivery.accepted_ms),
                tries: delivery.tries,
            }),
            State::Parked { .. } => Some(Self::Parked),
            State::Pending { .. } | State::Sending { .. } => None,
        }
    }

    /// Whether a try of it has just been found to be interrupted: of that the outbox itself writes the end,
    /// and nothing else that it writes looks the same.
    pub(in crate::relay) fn is_interrupted(delivery: &Delivery) -> bool {
        let is_last = |last: &Reason| last.code == Outcome::Interrupted.code();
        !matches!(delivery.state, State::Sending { .. })
            && delivery.failures > 0
            && delivery.last.as_ref().is_some_and(is_last)
    }

    /// The counters that this adds one to.
    pub(super) fn counters(self) -> Vec<Counter> {
        match self {
            Self::Accepted => vec![("accepted", "")],
            Self::Tried(outcome) => vec![("tries", label(outcome))],
            Self::Delivered { took_ms, tries } => vec![
                ("delivered", ""),
                ("latencyMs", up_to(&LATENCIES, took_ms)),
                ("attempts", up_to(&ATTEMPTS, tries.into())),
            ],
            Self::Parked => vec![("parked", "")],
            Self::Replied => vec![("replies", "")],
        }
    }
}

const fn label(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Acknowledged => "ok",
        failure => failure.code(),
    }
}

fn up_to(bounds: &[(u64, &'static str)], value: u64) -> &'static str {
    bounds.iter().find(|(bound, _)| value <= *bound).map_or(MORE, |(_, label)| *label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::Ended;

    fn counters(took_ms: u64, tries: u32) -> [&'static str; 2] {
        let all = Counted::Delivered { took_ms, tries }.counters();
        [all[1].1, all[2].1]
    }

    #[test]
    fn a_bound_belongs_to_what_is_below_it() {
        for (took_ms, tries, expected) in [
            (0, 0, ["10", "1"]),
            (10, 1, ["10", "1"]),
            (11, 2, ["20", "2"]),
            (200, 3, ["200", "3-5"]),
            (201, 5, ["500", "3-5"]),
            (600_000, 6, ["600000", "6-10"]),
            (600_001, 10, ["more", "6-10"]),
            (u64::MAX, 11, ["more", "more"]),
        ] {
            assert_eq!(counters(took_ms, tries), expected, "{took_ms} ms, {tries} tries");
        }
    }

    #[test]
    fn labels_are_the_bounds_and_rise() {
        for (bound, label) in LATENCIES {
            assert_eq!(label, bound.to_string());
        }
        assert!(LATENCIES.is_sorted() && ATTEMPTS.is_sorted());
    }

    #[test]
    fn the_end_of_a_try_is_told_by_where_the_event_stands() {
        let after = |outcome| Delivery::new(1, 1_000).begin(9_000).settle(Ended::of(outcome), 1_250, 0);
        assert_eq!(
            Counted::of(&after(Outcome::Acknowledged)),
            Some(Counted::Delivered { took_ms: 250, tries: 1 })
        );
        assert_eq!(Counted::of(&after(Outcome::Refused(400))), Some(Counted::Parked));
        assert_eq!(Counted::of(&after(Outcome::Failed(503))), None);
    }

    #[test]
    fn only_the_end_of_an_interrupted_try_is_one() {
        let after = |outcome| Delivery::new(1, 0).begin(9).settle(Ended::of(outcome), 9, 0);
        let interrupted = after(Outcome::Interrupted);
        assert!(Counted::is_interrupted(&interrupted));
        assert!(!Counted::is_interrupted(&interrupted.clone().begin(20)));
        assert!(!Counted::is_interrupted(&interrupted.clone().begin(20).settle(
            Ended::of(Outcome::Acknowledged),
            20,
            0
        )));
        let parked = Delivery { state: State::Parked { since_ms: 9 }, ..interrupted };
        assert!(Counted::is_interrupted(&parked) && !Counted::is_interrupted(&parked.replay(10).unwrap()));
        assert!(!Counted::is_interrupted(&after(Outcome::TimedOut)));
    }

    #[test]
    fn a_try_is_counted_by_its_code() {
        assert_eq!(Counted::Tried(Outcome::Acknowledged).counters(), [("tries", "ok")]);
        assert_eq!(Counted::Tried(Outcome::Failed(503)).counters(), [("tries", "api-failed")]);
    }
}
