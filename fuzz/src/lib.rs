//! What must hold of everything that is read from outside, whatever its bytes.
//!
//! One file for each target, with one function `run`, which panics where something does not hold. Two
//! use them: libFuzzer, through `fuzz_targets/`, and `tests/corpora.rs`, which includes this very file
//! and runs each target over its corpus on any Rust.

pub mod event;
pub mod plain_stream;
pub mod plain_time;
pub mod reply;
mod signature;
pub mod sse;
pub mod token;
pub mod webhook;

/// A target: it panics where something does not hold.
pub type Target = fn(&[u8]);

/// Every target, by the name of its corpus.
pub const TARGETS: &[(&str, Target)] = &[
    ("event", event::run),
    ("reply", reply::run),
    ("sse", sse::run),
    ("token", token::run),
    ("webhook", webhook::run),
];
