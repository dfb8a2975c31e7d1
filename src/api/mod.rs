//! The Ticket API seen from outside: where it lives, who may call, what a request is made of, what
//! an answer means, and when to try again.
//!
//! Nothing here does I/O: a [`TicketRequest`] says what to send, an [`Outcome`] what an answer
//! means, [`retry::decide`] what to do next. Time and dice are arguments.

mod base_url;
mod credentials;
mod outcome;
mod request;
pub mod retry;
mod retry_after;

#[cfg(feature = "relay")]
pub(crate) use base_url::is_safe;
pub use base_url::{BadBaseUrl, BaseUrl};
pub use credentials::{ApiKey, Credentials, OrganizationId};
pub use outcome::Outcome;
pub use request::TicketRequest;
pub use retry_after::retry_after_ms;
