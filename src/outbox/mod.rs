//! The delivery of one conversation, as a state machine: what is waiting, what is tried when, and
//! what becomes of it.
//!
//! It **is** the promise that an accepted event is sent at least once, in order of acceptance, one
//! at a time, until the API acknowledges it or it is [parked](State::Parked) with the reason. It
//! is **not** storage, transport, clock or die: rows are kept by whoever implements [`Rows`], time
//! and dice are arguments, and what is to be sent is given out as a [`Job`].
//!
//! ```text
//!            accept            begin              acknowledged
//!   (event) ───────▶ pending ───────▶ sending ───────────────▶ delivered
//!                       ▲                │  │
//!                       │  fails, or     │  │ refused, or given up
//!                       ├────────────────┘  └─────────────────▶ parked
//!                       │  is interrupted                         │
//!                       └─────────────────────────────────────────┘
//!                                        replay
//! ```
//!
//! | what happens | call | what follows |
//! |---|---|---|
//! | an event comes in | [`Outbox::accept`] | it is stored, or is a repeat, or there is no room |
//! | the alarm fires, or there may be work | [`Outbox::begin`] | the head's try begins, or the time of the next alarm |
//! | an answer, a time-out | [`Outbox::settle`] | delivered, parked, or pending again |
//! | the process was started anew | [`Outbox::restart`] | what it was sending is pending again |
//! | an operator asks for another try | [`Outbox::replay`] | parked becomes pending |
//!
//! Each call is one turn: whoever keeps the rows writes all of it or nothing. Between any two
//! turns everything may stop and start again from the rows alone. Memory does not grow with what
//! waits: a turn reads the head, never the queue.

mod accept;
mod delivery;
mod lane;
mod machine;
mod schema;
mod state;

pub use accept::{Accepted, Capacity, KEY_WINDOW_MS, Keyed, Load, Offer};
pub use delivery::{Delivery, Ended, Reason};
pub use lane::Lane;
pub use machine::{Begun, Job, Outbox, Rows};
pub use state::State;
