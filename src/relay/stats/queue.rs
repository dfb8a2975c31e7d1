//! What has been counted and is not kept yet.
//!
//! One part of it is on its way at a time; what is counted meanwhile goes with the next. A part of which
//! nothing is heard any more, since whoever sent it was stopped, comes back, as one does that failed:
//! so what is told may, where an answer was lost, be more than what was.

use std::mem::take;

use super::counted::Counted;
use super::counts::Counts;
use super::{KEPT_MINUTES, minute_of};

/// How long a part may be on its way, in milliseconds. Our choice: a hundred times what it takes.
const LEASE_MS: u64 = 30_000;

/// How long to wait after a part has arrived, in milliseconds: what many events count meanwhile goes together,
/// since all isolates send to one object. Our choice.
pub(in crate::relay) const PAUSE_MS: u64 = 2_000;

/// How long to wait after a failure, in milliseconds. Our choice.
const RETRY_MS: u64 = 10_000;

/// What waits, and what is on its way.
#[derive(Debug, Default)]
pub(in crate::relay) struct Queue {
    waiting: Counts,
    sent: Option<Batch>,
    /// How many parts there were.
    batches: u64,
    /// Nothing is sent before: another part is on its way, or has failed a moment ago.
    not_before_ms: u64,
    /// The last part failed.
    is_failing: bool,
}

/// A part on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::relay) struct Batch {
    number: u64,
    /// What is in it.
    pub(in crate::relay) counts: Counts,
}

impl Queue {
    /// An empty one.
    pub(in crate::relay) const fn new() -> Self {
        Self { waiting: Counts::new(), sent: None, batches: 0, not_before_ms: 0, is_failing: false }
    }

    /// Counts what happens now.
    pub(in crate::relay) fn count(&mut self, what: Counted, now_ms: u64) {
        self.waiting.count(what, now_ms);
    }

    /// Begins to send all that waits, if there is anything and nobody else does.
    pub(in crate::relay) fn begin(&mut self, now_ms: u64) -> Option<Batch> {
        if now_ms < self.not_before_ms {
            return None;
        }
        self.take_back(now_ms);
        if self.waiting.is_empty() {
            return None;
        }
        self.batches = self.batches.saturating_add(1);
        self.not_before_ms = now_ms.saturating_add(LEASE_MS);
        let batch = Batch { number: self.batches, counts: take(&mut self.waiting) };
        self.sent.insert(batch).clone().into()
    }

    /// A part has arrived, or has not. Answers whether that is news, and bad.
    pub(in crate::relay) fn end(&mut self, batch: &Batch, has_arrived: bool, now_ms: u64) -> bool {
        if self.sent.as_ref().is_none_or(|sent| sent.number != batch.number) {
            return false;
        }
        if has_arrived {
            self.sent = None;
            (self.not_before_ms, self.is_failing) = (now_ms.saturating_add(PAUSE_MS), false);
            return false;
        }
        self.take_back(now_ms);
        self.not_before_ms = now_ms.saturating_add(RETRY_MS);
        !std::mem::replace(&mut self.is_failing, true)
    }

    fn take_back(&mut self, now_ms: u64) {
        if let Some(batch) = self.sent.take() {
            self.waiting.merge(batch.counts);
            self.waiting.forget_before(minute_of(now_ms).saturating_sub(KEPT_MINUTES));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::counts::tests::{happening, merged, sorted};
    use super::*;

    const NOW: u64 = 1_795_000_000_000;

    /// What somebody does.
    #[derive(Debug, Clone)]
    enum Step {
        Count(Counted),
        Begin,
        /// The part that is on its way ends so.
        End(bool),
        Wait(u64),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            4 => happening().prop_map(Step::Count),
            2 => Just(Step::Begin),
            2 => any::<bool>().prop_map(Step::End),
            1 => (0_u64..40_000).prop_map(Step::Wait),
        ];
        prop::collection::vec(step, 0..80)
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_comes_twice(steps in steps()) {
            let (mut queue, mut now_ms) = (Queue::new(), NOW);
            let (mut all, mut arrived) = (Counts::new(), Counts::new());
            let mut on_its_way = None;
            for step in steps {
                match step {
                    Step::Count(what) => {
                        queue.count(what, now_ms);
                        all.count(what, now_ms);
                    }
                    // What is not heard of any more has been stopped before it arrived.
                    Step::Begin => on_its_way = queue.begin(now_ms).or(on_its_way),
                    Step::End(has_arrived) => {
                        if let Some(batch) = on_its_way.take() {
                            if has_arrived {
                                arrived.merge(batch.counts.clone());
                            }
                            queue.end(&batch, has_arrived, now_ms);
                        }
                    }
                    Step::Wait(ms) => now_ms += ms,
                }
                let sent = queue.sent.as_ref().map(|batch| batch.counts.clone()).unwrap_or_default();
                let held = merged(queue.waiting.clone(), &sent);
                prop_assert_eq!(sorted(&merged(held, &arrived)), sorted(&all));
            }
        }
    }

    fn queue() -> Queue {
        let mut queue = Queue::new();
        queue.count(Counted::Accepted, NOW);
        queue
    }

    #[test]
    fn one_part_is_on_its_way_at_a_time() {
        let mut queue = queue();
        let first = queue.begin(NOW).unwrap();
        queue.count(Counted::Parked, NOW);
        assert_eq!(queue.begin(NOW), None);
        assert!(!queue.end(&first, true, NOW));
        assert_eq!(queue.begin(NOW + PAUSE_MS - 1), None);
        let next = queue.begin(NOW + PAUSE_MS).unwrap();
        assert!(!queue.end(&next, true, NOW) && queue.begin(NOW + 2 * PAUSE_MS).is_none());
    }

    #[test]
    fn a_failure_is_told_once_until_something_arrives() {
        let mut queue = queue();
        let mut told = Vec::new();
        for (round, has_arrived) in [(0, false), (1, false), (2, true), (3, false)] {
            let now_ms = NOW + round * RETRY_MS;
            queue.count(Counted::Accepted, now_ms);
            let batch = queue.begin(now_ms).unwrap();
            told.push(queue.end(&batch, has_arrived, now_ms));
            assert_eq!(queue.begin(now_ms + RETRY_MS - 1), None);
        }
        assert_eq!(told, [true, false, false, true]);
    }

    #[test]
    fn what_is_not_heard_of_is_sent_again_and_its_late_answer_is_of_no_interest() {
        let mut queue = queue();
        let silent = queue.begin(NOW).unwrap();
        assert_eq!(queue.begin(NOW + LEASE_MS - 1), None);
        let again = queue.begin(NOW + LEASE_MS).unwrap();
        assert_eq!(silent.counts, again.counts);
        assert!(!queue.end(&silent, false, NOW + LEASE_MS));
        assert_eq!(queue.begin(NOW + LEASE_MS), None);
        queue.end(&again, true, NOW + LEASE_MS);
        assert!(queue.waiting.is_empty());
    }

    #[test]
    fn what_can_never_be_sent_is_dropped_after_a_day() {
        let mut queue = queue();
        let later_ms = NOW + (KEPT_MINUTES + 1) * super::super::STEP_MS;
        let batch = queue.begin(NOW).unwrap();
        queue.end(&batch, false, later_ms);
        assert!(queue.waiting.is_empty());
    }
}
