//! A conversation's object, its alarm and the API, on a clock that is turned by hand. What the
//! object does here is what the one in the relay does: a turn, then its alarm, then a call.

use std::collections::BTreeMap;

use ticketwire::api::Outcome;
use ticketwire::outbox::{Accepted, Begun, Capacity, Ended, Job, Keyed, Offer, Outbox, State};

use crate::rows::Memory;
use crate::script::Step;

const LEASE_MS: u64 = 15_000;
const CAPACITY: Capacity = Capacity { max_events: 10, max_bytes: 1_000 };

/// A call as the API saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) seq: u64,
    pub(crate) at_ms: u64,
    /// Whether the API took the event.
    pub(crate) is_taken: bool,
}

/// Everything.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) now_ms: u64,
    pub(crate) rows: Memory,
    pub(crate) alarm_ms: Option<u64>,
    /// The call that the process has under way. Dies with it.
    under_way: Option<Job>,
    /// A call that is over for us, whose answer may still come.
    forgotten: Option<Job>,
    pub(crate) calls: Vec<Call>,
    /// How often it may have happened that the API took an event and we did not hear of it.
    pub(crate) unheard: usize,
    pub(crate) replayed: Vec<u64>,
    /// What was answered for a key, and when.
    answers: BTreeMap<u8, (u8, u64, u64)>,
    dice: u32,
}

impl World {
    pub(crate) fn outbox(&self) -> Outbox<&Memory> {
        Outbox::new(&self.rows, LEASE_MS)
    }

    fn roll(&mut self) -> u32 {
        self.dice = self.dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        self.dice
    }

    pub(crate) fn run(&mut self, step: Step) {
        match step {
            Step::Accept { key, body, waits } => self.accept(key, body, waits),
            Step::Answer { outcome, retry_after_s } => {
                self.unheard += usize::from(outcome == Outcome::TimedOut || outcome == Outcome::Unreachable);
                let retry_after_ms = retry_after_s.map(|seconds| u64::from(seconds) * 1000);
                self.answer(Ended { retry_after_ms, ..Ended::of(outcome) }, outcome == Outcome::Acknowledged);
            }
            Step::LoseAcknowledgement => {
                self.unheard += 1;
                self.answer(Ended::of(Outcome::Unreachable), true);
            }
            Step::Wait { seconds } => self.wait(u64::from(seconds) * 1000),
            Step::LateAnswer => self.late_answer(),
            Step::Kill => self.kill(),
            Step::Replay { seq } => self.replay(seq),
        }
        self.check();
    }

    fn accept(&mut self, key: Option<u8>, body: u8, waits: bool) {
        let (key_text, body_text) = (format!("{key:?}"), format!("body {body}"));
        let keyed = key.map(|_| Keyed { key: &key_text, body: &body_text });
        let offer = Offer { body: &body_text, transcript: "{}", trace: None, key: keyed };
        let Ok(accepted) = self.outbox().accept(&offer, &CAPACITY, self.now_ms, waits);
        self.check_key(key, body, accepted);
        match accepted {
            Accepted::Begun { job, until_ms } => {
                self.carry_out(Begun { job: Some(job), wake_ms: Some(until_ms) });
            }
            Accepted::Stored(seq) => self.begin_stored(seq, waits),
            Accepted::Repeated(_) | Accepted::KeyReused | Accepted::Full => {}
        }
    }

    fn begin_stored(&mut self, seq: u64, waits: bool) {
        let roll = self.roll();
        let begun = if waits {
            self.outbox().begin_only(seq, self.now_ms, roll)
        } else {
            self.outbox().wake_ms(self.now_ms).map(|wake_ms| Begun { job: None, wake_ms })
        };
        let Ok(begun) = begun;
        assert!(begun.job.is_none_or(|job| job.seq == seq), "a caller waits for its own event alone");
        self.carry_out(begun);
    }

    /// The same key means the same event for a day, whatever happens in between.
    fn check_key(&mut self, key: Option<u8>, body: u8, accepted: Accepted) {
        let Some(key) = key else {
            let is_new = matches!(accepted, Accepted::Stored(_) | Accepted::Begun { .. } | Accepted::Full);
            assert!(is_new, "{accepted:?}");
            return;
        };
        let day_ms = 24 * 3_600_000;
        let known = self.answers.get(&key).filter(|(_, _, at_ms)| self.now_ms < at_ms + day_ms);
        match (known, accepted) {
            (Some((its, seq, _)), Accepted::Repeated(again)) => assert_eq!((*its, *seq), (body, again)),
            (Some((its, ..)), Accepted::KeyReused) => assert_ne!(*its, body),
            (None, Accepted::Stored(seq) | Accepted::Begun { job: Job { seq, .. }, .. }) => {
                self.answers.insert(key, (body, seq, self.now_ms));
            }
            (None, Accepted::Full) => {}
            other => panic!("{other:?}"),
        }
    }

    fn carry_out(&mut self, begun: Begun) {
        self.alarm_ms = begun.wake_ms;
        if let Some(job) = begun.job {
            assert_eq!(self.under_way, None, "two calls at once");
            self.under_way = Some(job);
        }
    }

    fn answer(&mut self, ended: Ended, is_taken: bool) {
        let Some(job) = self.under_way.take() else {
            return;
        };
        self.calls.push(Call { seq: job.seq, at_ms: self.now_ms, is_taken });
        let roll = self.roll();
        let Ok(_) = self.outbox().settle(job, ended, self.now_ms, roll);
        self.forgotten = Some(job);
        self.begin();
    }

    /// What comes too late changes nothing.
    fn late_answer(&mut self) {
        if let Some(job) = self.forgotten {
            let before = self.rows.states();
            let Ok(settled) = self.outbox().settle(job, Ended::of(Outcome::Acknowledged), self.now_ms, 0);
            assert_eq!((settled, self.rows.states()), (None, before));
        }
    }

    fn begin(&mut self) {
        let roll = self.roll();
        let Ok(begun) = self.outbox().begin(self.now_ms, roll);
        self.carry_out(begun);
    }

    /// The alarm can't fire while a call that it made is under way; that ends in time.
    fn wait(&mut self, ms: u64) {
        let until_ms = self.now_ms + ms;
        while let Some(alarm_ms) = self.alarm_ms.filter(|alarm_ms| *alarm_ms <= until_ms) {
            self.now_ms = self.now_ms.max(alarm_ms);
            if self.under_way.is_some() {
                self.unheard += 1;
                self.answer(Ended::of(Outcome::TimedOut), false);
            } else {
                self.begin();
            }
        }
        self.now_ms = until_ms;
    }

    /// The call under way may have reached the API.
    fn kill(&mut self) {
        if let Some(job) = self.under_way.take() {
            self.forgotten = Some(job);
            self.unheard += 1;
            self.calls.push(Call { seq: job.seq, at_ms: self.now_ms, is_taken: true });
        }
        let roll = self.roll();
        let has_new_credentials = roll.is_multiple_of(2);
        let Ok(()) = self.outbox().restart(self.now_ms, roll, has_new_credentials);
        let Ok(wake_ms) = self.outbox().wake_ms(self.now_ms);
        self.alarm_ms = wake_ms;
    }

    fn replay(&mut self, seq: u64) {
        let Ok(is_replayed) = self.outbox().replay(seq, self.now_ms);
        if is_replayed {
            self.replayed.push(seq);
            let roll = self.roll();
            let Ok(begun) = self.outbox().begin_only(seq, self.now_ms, roll);
            self.carry_out(begun);
        }
    }

    /// What must be so after every step.
    fn check(&self) {
        let states = self.rows.states();
        let sending: Vec<_> =
            states.iter().filter(|row| matches!(row.state, State::Sending { .. })).collect();
        assert_eq!(sending.len(), usize::from(self.under_way.is_some()), "one call, one row that says so");
        if states.iter().any(|row| row.state.is_open()) {
            assert!(self.alarm_ms.is_some(), "something waits and no alarm is set");
        }
        for row in &states {
            let is_taken = self.calls.iter().any(|call| call.seq == row.seq && call.is_taken);
            let is_delivered = matches!(row.state, State::Delivered { .. });
            assert!(is_taken || !is_delivered, "event {} counts as delivered and never was", row.seq);
        }
    }

    /// From now on all goes well: answers every call, until nothing is open. Answers how long that took.
    pub(crate) fn heal(&mut self) -> u64 {
        let from_ms = self.now_ms;
        while self.rows.states().iter().any(|row| row.state.is_open()) {
            if self.under_way.is_some() {
                self.answer(Ended::of(Outcome::Acknowledged), true);
            } else {
                let alarm_ms = self.alarm_ms.expect("something waits and no alarm is set");
                self.wait(alarm_ms.saturating_sub(self.now_ms));
            }
            self.check();
        }
        self.now_ms - from_ms
    }

    /// How a call under way ends, without more.
    pub(crate) fn end(&mut self, outcome: Outcome) {
        self.answer(Ended::of(outcome), outcome == Outcome::Acknowledged);
    }

    pub(crate) const fn is_calling(&self) -> bool {
        self.under_way.is_some()
    }
}
