//! The shared vectors, natively, over bytes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod vectors;

use ticketwire::event::check_json;

#[test]
fn every_vector_gives_its_issues_and_warnings() {
    for vector in vectors::events() {
        let outcome = check_json(&vector.bytes, &vector.policy);
        vector.assert(&outcome);
    }
}

#[test]
fn every_code_has_a_vector() {
    use ticketwire::event::{Fault, Hint};
    // These speak of the whole, of headers and of sessions, which are no part of an event.
    let elsewhere = ["body-too-large", "not-header-safe", "unexpected-value", "unusual-bot-id"];
    let vectors = vectors::events();
    let said: Vec<&str> = vectors.iter().flat_map(vectors::Vector::codes).collect();
    for code in Fault::CODES.iter().chain(Hint::CODES) {
        assert!(elsewhere.contains(code) || said.contains(code), "no vector shows {code}");
    }
}
