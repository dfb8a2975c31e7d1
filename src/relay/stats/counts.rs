//! Counts, and how they add up.

use super::counted::{Counted, Counter};
use super::minute_of;

/// How often something happened in one minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Count {
    /// Which minute, from the Unix epoch.
    minute: u64,
    counter: Counter,
    count: u64,
}

/// Counts, each counter of a minute at most once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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
        for counter in what.counters() {
            self.add(Count { minute: minute_of(now_ms), counter, count: 1 });
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

    /// A list of minute, name, label and count, each, in JSON.
    pub(in crate::relay) fn to_json(&self) -> String {
        let json = |Count { minute, counter: (name, label), count }: &Count| {
            format!(r#"[{minute},"{name}","{label}",{count}]"#)
        };
        format!("[{}]", self.0.iter().map(json).collect::<Vec<_>>().join(","))
    }

    fn add(&mut self, more: Count) {
        let is_same = |known: &Count| (known.minute, known.counter) == (more.minute, more.counter);
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
                counts.0.iter().filter(|count| count.counter.0 == name).map(|count| count.count).sum()
            };
            prop_assert_eq!((of("latencyMs"), of("attempts")), (of("delivered"), of("delivered")));
            let mut keys: Vec<_> = sorted(&counts).into_iter().map(|count| (count.minute, count.counter)).collect();
            let before = keys.len();
            keys.dedup();
            prop_assert_eq!(keys.len(), before);
        }
    }

    #[test]
    fn what_is_sent_is_json() {
        let mut counts = Counts::new();
        counts.count(Counted::Delivered { took_ms: 700_000, tries: 4 }, 120_000);
        counts.count(Counted::Accepted, 179_999);
        counts.count(Counted::Accepted, 179_999);
        let read: serde_json::Value = serde_json::from_str(&counts.to_json()).unwrap();
        let expected = serde_json::json!([
            [2, "delivered", "", 1],
            [2, "latencyMs", "more", 1],
            [2, "attempts", "3-5", 1],
            [2, "accepted", "", 2],
        ]);
        assert_eq!(read, expected);
        assert_eq!(Counts::new().to_json(), "[]");
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
