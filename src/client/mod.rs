//! What JavaScript calls.

mod check;

pub use check::check_event;
