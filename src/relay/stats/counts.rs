//! Counts, and how they add up.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::counted::Counted;
use super::minute_of;

/// How often something happened in one minute.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::relay) struct Count {
    /// Which minute, from the Unix epoch.
    pub(super) minute: u64,
    /// The counter's name.
    pub(super) name: Cow<'static, str>,
    /// Which of those that share the name; empty where there is but one.
    pub(super) label: Cow<'static, str>,
    /// How often.
    pub(super) count: u64,
}

/// Counts, each counter of a minute at most once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(in crate::relay) struct Counts(Vec<Count>);

impl Counts {
    /// None.
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Whether there are none.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Counts what happens now.
    pub(super) fn count(&mut self, what: Counted, now_ms: u64) {
        for (name, label) in what.counters() {
            let minute = minute_of(now_ms);
            self.add(Count { minute, name: name.into(), label: label.into(), count: 1 });
        }
    }

    /// Adds all of these.
    pub(super) fn merge(&mut self, others: Self) {
        others.0.into_iter().for_each(|count| self.add(count));
    }

    /// Drops what is older than this minute.
    pub(super) fn forget_before(&mut self, minute: u64) {
        self.0.retain(|count| count.minute >= minute);
    }

    fn add(&mut self, more: Count) {
        let is_same = |known: &Count| {
            (known.minute, &known.name, &known.label) == (more.minute, &more.name, &more.label)
        };
        match self.0.iter_mut().find(|known| is_same(known)) {
            Some(known) => known.count = known.count.saturating_add(more.count),
            None => self.0.push(more),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::api::Outcome;

    /// Anything that can happen.
    pub(in crate::relay::stats) fn happening() -> impl Strategy<Value = Counted> {
        prop_oneof![
            Just(Counted::Accepted),
            Just(Counted::Parked),
            Just(Counted::Replied),
            (100_u16..600).prop_map(|status| Counted::Tried(Outcome::of_status(status))),
            (0_u64..1_000_000, 1_u32..20).prop_map(|(took_ms, tries)| Counted::Delivered { took_ms, tries }),
        ]
    }

    /// Counts of a few minutes.
    fn counts() -> impl Strategy<Value = Counts> {
        prop::collection::vec((happening(), 0_u64..200_000), 0..40).prop_map(|all| {
            let mut counts = Counts::new();
            all.into_iter().for_each(|(what, now_ms)| counts.count(what, now_ms));
            counts
        })
    }

    /// Whatever the order in which they came.
    pub(in crate::relay::stats) fn sorted(counts: &Counts) -> Vec<Count> {
        let mut all = counts.0.clone();
        all.sort();
        all
    }

    pub(in crate::relay::stats) fn merged(mut counts: Counts, others: &Counts) -> Counts {
        counts.merge(others.clone());
        counts
    }

    fn total(counts: &Counts) -> u64 {
        counts.0.iter().map(|count| count.count).sum()
    }

    proptest! {
        #[test]
        fn merging_has_no_order(a in counts(), b in counts(), c in counts()) {
            let left = merged(merged(a.clone(), &b), &c);
            let right = merged(a.clone(), &merged(b.clone(), &c));
            let around = merged(merged(c.clone(), &b), &a);
            prop_assert_eq!(sorted(&left), sorted(&right));
            prop_assert_eq!(sorted(&left), sorted(&around));
            prop_assert_eq!(total(&left), total(&a) + total(&b) + total(&c));
            prop_assert_eq!(merged(a.clone(), &Counts::new()), a);
        }

        #[test]
        fn nothing_is_lost(all in prop::collection::vec((happening(), 0_u64..200_000), 0..60)) {
            let mut counts = Counts::new();
            all.iter().for_each(|(what, now_ms)| counts.count(*what, *now_ms));
            let expected: usize = all.iter().map(|(what, _)| what.counters().len()).sum();
            prop_assert_eq!(total(&counts), expected as u64);
            let of = |name: &str| -> u64 {
                counts.0.iter().filter(|count| count.name == name).map(|count| count.count).sum()
            };
            prop_assert_eq!((of("latencyMs"), of("attempts")), (of("delivered"), of("delivered")));
            let mut keys: Vec<_> = sorted(&counts).into_iter().map(|count| (count.minute, count.name, count.label)).collect();
            let before = keys.len();
            keys.dedup();
            prop_assert_eq!(keys.len(), before);
        }
    }

    #[test]
    fn what_is_old_goes() {
        let mut counts = Counts::new();
        for now_ms in [59_999, 60_000, 120_000] {
            counts.count(Counted::Accepted, now_ms);
        }
        counts.forget_before(1);
        assert_eq!(counts.0.iter().map(|count| count.minute).collect::<Vec<_>>(), [1, 2]);
    }
}
