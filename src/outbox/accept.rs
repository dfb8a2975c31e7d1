//! Whether an event is taken.

use super::machine::Job;

/// How long an idempotency key is remembered, in milliseconds: 24 hours. Our choice, the habit of
/// the field.
pub const KEY_WINDOW_MS: u64 = 24 * 3_600_000;

/// An event that is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer<'a> {
    /// What is to be sent.
    pub body: &'a str,
    /// What is kept of it to be read, once it has been delivered: JSON without personal values.
    pub transcript: &'a str,
    /// What its caller sent as `traceparent`, which each try carries on.
    pub trace: Option<&'a str>,
    /// The idempotency key, where the caller gave one.
    pub key: Option<Keyed<'a>>,
}

/// An idempotency key, and what it was given with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keyed<'a> {
    /// Digest of the key.
    pub key: &'a str,
    /// Digest of the body.
    pub body: &'a str,
}

/// How much is held: pending, sending and parked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    /// Events.
    pub events: u64,
    /// Bytes of their bodies.
    pub bytes: u64,
}

/// How much may be held.
///
/// ```
/// use ticketwire::outbox::{Capacity, Load};
///
/// let capacity = Capacity { max_events: 2, max_bytes: 10 };
/// assert!(capacity.has_room(Load { events: 1, bytes: 4 }, 6));
/// assert!(!capacity.has_room(Load { events: 1, bytes: 4 }, 7));
/// assert!(!capacity.has_room(Load { events: 2, bytes: 0 }, 1));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// Events.
    pub max_events: u64,
    /// Bytes of their bodies.
    pub max_bytes: u64,
}

impl Capacity {
    /// As much as comes.
    pub const UNLIMITED: Self = Self { max_events: u64::MAX, max_bytes: u64::MAX };

    /// Whether a body of so many bytes still fits.
    pub const fn has_room(&self, load: Load, bytes: u64) -> bool {
        load.events < self.max_events && load.bytes.saturating_add(bytes) <= self.max_bytes
    }
}

/// What became of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// It is stored under this number.
    Stored(u64),
    /// It is stored, and its first try has begun: nothing is before it.
    Begun {
        /// What to do.
        job: Job,
        /// Until when that may take, in milliseconds since the Unix epoch: set an alarm for it before
        /// doing the job.
        until_ms: u64,
    },
    /// It was stored before, under this number, with the same key and the same body.
    Repeated(u64),
    /// Its key was used for another body.
    KeyReused,
    /// There is no room.
    Full,
}
