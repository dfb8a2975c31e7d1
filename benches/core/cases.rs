//! The events whose check is measured.

use std::hint::black_box;

use ticketwire::event::{Policy, check_json};

/// An event, by what it is an example of.
pub struct Case {
    pub name: &'static str,
    pub body: &'static [u8],
}

macro_rules! cases {
    ($($name:literal),*) => {
        [$(Case { name: $name, body: include_bytes!(concat!("../bodies/", $name, ".json")) }),*]
    };
}

/// The example of the API's reference page; a long one, of 10 kB; one with five faults.
pub const CASES: [Case; 3] = cases!["example", "large", "faults"];

/// Checks an event as the relay does unless it is configured otherwise; how many faults it has.
pub fn check(body: &[u8], policy: &Policy) -> usize {
    match check_json(black_box(body), policy) {
        Ok(accepted) => {
            black_box(accepted);
            0
        }
        Err(rejected) => black_box(rejected).issues().len(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_case_is_what_it_is_called() {
        let codes = CASES.map(|Case { body, .. }| match check_json(body, &Policy::default()) {
            Ok(accepted) => BTreeSet::from([if accepted.verbatim { "verbatim" } else { "written anew" }]),
            Err(rejected) => rejected.issues().iter().map(|issue| issue.code()).collect(),
        });
        let faults = ["empty", "missing-member", "unknown-member", "wrong-type"];
        assert_eq!(codes, [["verbatim"].into(), ["verbatim"].into(), faults.into()]);
        assert_eq!(CASES.map(|Case { body, .. }| check(body, &Policy::default())), [0, 0, 5]);
        assert_eq!(CASES[1].body.len(), 10_000);
    }
}
