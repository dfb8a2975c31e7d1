//! The machine itself.

use super::accept::{Accepted, Capacity, KEY_WINDOW_MS, Load, Offer};
use super::delivery::{Delivery, Ended};
use super::state::State;
use crate::api::Outcome;

/// How long a row of a newer version is left alone before another look, in milliseconds: 1 hour.
const NEWER_VERSION_WAIT_MS: u64 = 3_600_000;

/// Where the rows of one conversation are kept. No call may wait: a turn of the machine is one
/// transaction.
pub trait Rows {
    /// What goes wrong with the storage.
    type Error;

    /// The delivery that is next: the one being sent, or else the oldest that is pending.
    ///
    /// # Errors
    ///
    /// When the storage fails, here as in every other call.
    fn head(&self) -> Result<Option<Delivery>, Self::Error>;

    /// The delivery of this number.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn get(&self, seq: u64) -> Result<Option<Delivery>, Self::Error>;

    /// The delivery that came with this key, and the digest of its body.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn with_key(&self, key: &str) -> Result<Option<(Delivery, String)>, Self::Error>;

    /// How much is held.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn load(&self) -> Result<Load, Self::Error>;

    /// Stores an event under the next number, standing as `delivery` does but for that, and answers the
    /// number. A key that an older row has is taken from that.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn insert(&self, offer: &Offer<'_>, delivery: &Delivery) -> Result<u64, Self::Error>;

    /// Stores what has changed. The body of what is now delivered goes.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    fn update(&self, delivery: &Delivery) -> Result<(), Self::Error>;
}

/// A try that has begun: send the body of this event, and [`settle`](Outbox::settle).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Job {
    /// Which event.
    pub seq: u64,
    /// Which of its tries. An answer to another is of no interest.
    pub number: u32,
}

/// What is to be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// The try that has begun, if one has.
    pub job: Option<Job>,
    /// When to call [`Outbox::begin`] at the latest, in milliseconds since the Unix epoch. Set an
    /// alarm for it before doing the job: it is what goes on should everything stop.
    pub wake_ms: Option<u64>,
}

/// The delivery of one conversation.
#[derive(Debug)]
pub struct Outbox<R> {
    rows: R,
    /// How long a try may take, in milliseconds.
    lease_ms: u64,
}

impl<R: Rows> Outbox<R> {
    /// The outbox of these rows. A try that has not ended after `lease_ms` counts as interrupted,
    /// so it has to be longer than the time-out of a call.
    pub const fn new(rows: R, lease_ms: u64) -> Self {
        Self { rows, lease_ms }
    }

    /// Takes an event, if it is new and there is room. `at_once`: and begins its first try in the same step,
    /// where nothing else is held.
    ///
    /// # Errors
    ///
    /// When the storage fails; then nothing was taken.
    pub fn accept(
        &self,
        offer: &Offer<'_>,
        capacity: &Capacity,
        now_ms: u64,
        at_once: bool,
    ) -> Result<Accepted, R::Error> {
        if let Some(keyed) = offer.key
            && let Some((earlier, body)) = self.rows.with_key(keyed.key)?
            && now_ms < earlier.accepted_ms.saturating_add(KEY_WINDOW_MS)
        {
            let is_same = body == keyed.body;
            return Ok(if is_same { Accepted::Repeated(earlier.seq) } else { Accepted::KeyReused });
        }
        let bytes = u64::try_from(offer.body.len()).unwrap_or(u64::MAX);
        let load = self.rows.load()?;
        if !capacity.has_room(load, bytes) {
            return Ok(Accepted::Full);
        }
        let waiting = Delivery::new(0, now_ms);
        if !at_once || load.events > 0 {
            return self.rows.insert(offer, &waiting).map(Accepted::Stored);
        }
        let until_ms = now_ms.saturating_add(self.lease_ms);
        let begun = waiting.begin(until_ms);
        let seq = self.rows.insert(offer, &begun)?;
        Ok(Accepted::Begun { job: Job { seq, number: begun.tries }, until_ms })
    }

    /// Begins the try that is due, if one is.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    pub fn begin(&self, now_ms: u64, roll: u32) -> Result<Begun, R::Error> {
        let head = self.recovered(now_ms, roll, false)?;
        let Some(head) = head else {
            return Ok(Begun { job: None, wake_ms: None });
        };
        match head.state {
            State::Pending { due_ms } if due_ms <= now_ms && head.is_readable() => {
                let until_ms = now_ms.saturating_add(self.lease_ms);
                let begun = head.begin(until_ms);
                self.rows.update(&begun)?;
                let job = Job { seq: begun.seq, number: begun.tries };
                Ok(Begun { job: Some(job), wake_ms: Some(until_ms) })
            }
            _ => Ok(Begun { job: None, wake_ms: Some(wake_ms(&head, now_ms)) }),
        }
    }

    /// Begins the try of this event if nothing is before it, as [`begin`](Self::begin) does;
    /// otherwise begins nothing.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    pub fn begin_only(&self, seq: u64, now_ms: u64, roll: u32) -> Result<Begun, R::Error> {
        match self.rows.head()? {
            Some(head) if head.seq != seq => Ok(Begun { job: None, wake_ms: Some(wake_ms(&head, now_ms)) }),
            _ => self.begin(now_ms, roll),
        }
    }

    /// When there is something to do, in milliseconds since the Unix epoch; `None` where nothing waits.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    pub fn wake_ms(&self, now_ms: u64) -> Result<Option<u64>, R::Error> {
        Ok(self.rows.head()?.map(|head| wake_ms(&head, now_ms)))
    }

    /// A try has ended. Answers the delivery as it now stands; `None` where the try is not the one
    /// under way any more, and its end is of no interest.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    pub fn settle(
        &self,
        job: Job,
        ended: Ended,
        now_ms: u64,
        roll: u32,
    ) -> Result<Option<Delivery>, R::Error> {
        let under_way = |delivery: &Delivery| {
            matches!(delivery.state, State::Sending { .. }) && delivery.tries == job.number
        };
        let Some(delivery) = self.rows.get(job.seq)?.filter(under_way) else {
            return Ok(None);
        };
        let settled = delivery.settle(ended, now_ms, roll);
        self.rows.update(&settled)?;
        Ok(Some(settled))
    }

    /// The process was started anew: whatever was being sent is not any more. Where it was started
    /// with new credentials, what waits for those waits no longer.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    pub fn restart(&self, now_ms: u64, roll: u32, has_new_credentials: bool) -> Result<(), R::Error> {
        match self.recovered(now_ms, roll, true)? {
            Some(head) if has_new_credentials && head.is_readable() && head.is_held() => {
                self.rows.update(&Delivery { state: State::Pending { due_ms: now_ms }, ..head })
            }
            _ => Ok(()),
        }
    }

    /// Makes a parked event the next to be tried. Answers whether it was parked.
    ///
    /// # Errors
    ///
    /// When the storage fails.
    pub fn replay(&self, seq: u64, now_ms: u64) -> Result<bool, R::Error> {
        match self.rows.get(seq)?.and_then(|delivery| delivery.replay(now_ms)) {
            Some(pending) => self.rows.update(&pending).map(|()| true),
            None => Ok(false),
        }
    }

    /// The head, once a try of which nothing will be heard any more is over.
    fn recovered(&self, now_ms: u64, roll: u32, is_restart: bool) -> Result<Option<Delivery>, R::Error> {
        let is_over = |head: &Delivery| matches!(head.state, State::Sending { until_ms } if is_restart || until_ms <= now_ms);
        match self.rows.head()? {
            Some(head) if head.is_readable() && is_over(&head) => {
                let settled = head.settle(Ended::of(Outcome::Interrupted), now_ms, roll);
                self.rows.update(&settled)?;
                // What comes next may be another.
                self.rows.head()
            }
            head => Ok(head),
        }
    }
}

/// When to look at this head again.
const fn wake_ms(head: &Delivery, now_ms: u64) -> u64 {
    if head.is_readable() { head.state.at_ms() } else { now_ms.saturating_add(NEWER_VERSION_WAIT_MS) }
}
