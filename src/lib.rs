//! ticketwire connects any CRM to a ticket automation agent (Zendesk AI agents – Advanced).
//!
//! It **is** the wire between them: it checks and builds ticket events, sends them to the agent's
//! Ticket API, and takes the agent's replies back. It is **not** a bot, a ticket database or a
//! CRM, and it sends nothing anywhere but to the API that it is configured for.
//!
//! One core, three entries, each a cargo feature that makes a WebAssembly module; with none this is
//! a plain Rust library:
//!
//! - `relay`: a Cloudflare Worker that holds the API key;
//! - `client`: what the npm package calls;
//! - `emulator`: the Ticket API on your own machine.
//!
//! Modules depend on each other in one direction only: entries → [`outbox`] → [`api`], [`reply`] →
//! [`event`] → [`limits`]; so does [`session`]. [`sse`], [`trace_parent`] and [`webhook`] stand by themselves. None of these
//! eight knows a clock, a die or a network: time and dice are arguments.
//!
//! ```
//! use ticketwire::{Limits, TicketEvent};
//!
//! let event = TicketEvent::builder("case-4711").text("Where is my parcel?").build(&Limits::default())?;
//! assert_eq!(event.to_json(), r#"{"platformConversationId":"case-4711","text":"Where is my parcel?","platform":"PUBLIC_API"}"#);
//! # Ok::<(), ticketwire::event::Rejected>(())
//! ```

pub mod api;
#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "emulator")]
mod emulator;
pub mod event;
mod json;
#[cfg(test)]
mod json_schema;
pub mod limits;
pub mod outbox;
#[cfg(feature = "relay")]
mod relay;
pub mod reply;
mod say;
pub mod session;
pub mod sse;
pub mod trace_parent;
pub mod webhook;

pub use event::TicketEvent;
pub use limits::Limits;
pub use reply::AgentReply;

/// The README's examples, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
