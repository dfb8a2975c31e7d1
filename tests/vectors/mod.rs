//! Reads the shared vectors, for every Rust test that uses them.

#![allow(dead_code, reason = "each test uses its part")]

use serde_json::Value;
use ticketwire::event::{Accepted, Policy, Rejected, UnknownMembers};

/// An input and what is said of it.
pub(crate) struct Vector {
    /// What it shows.
    pub(crate) name: String,
    /// What is checked.
    pub(crate) bytes: Vec<u8>,
    /// How.
    pub(crate) policy: Policy,
    /// Whether a JavaScript value can't show it.
    pub(crate) bytes_only: bool,
    verbatim: bool,
    omitted: u64,
    issues: Vec<[String; 2]>,
    warnings: Vec<[String; 2]>,
}

/// All vectors of events.
pub(crate) fn events() -> Vec<Vector> {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("events.json")).unwrap();
    vectors.iter().map(Vector::of).collect()
}

impl Vector {
    fn of(json: &Value) -> Self {
        let list = |name: &str| serde_json::from_value(json[name].clone()).unwrap();
        Self {
            name: json["name"].as_str().unwrap().to_owned(),
            bytes: bytes(json),
            policy: policy(json),
            bytes_only: json["bytesOnly"] == true,
            verbatim: json["verbatim"] == true,
            omitted: json["omitted"].as_u64().unwrap_or(0),
            issues: list("issues"),
            warnings: list("warnings"),
        }
    }

    /// The codes that it expects.
    pub(crate) fn codes(&self) -> impl Iterator<Item = &str> {
        self.issues.iter().chain(&self.warnings).map(|[_, code]| code.as_str())
    }

    /// Whether it expects the event to be accepted.
    pub(crate) const fn is_accepted(&self) -> bool {
        self.issues.is_empty()
    }

    /// Fails unless this is the outcome that the vector expects.
    pub(crate) fn assert(&self, outcome: &Result<Accepted<'_>, Rejected>) {
        let issues = outcome.as_ref().err().map(Rejected::issues).unwrap_or_default();
        let warnings = match outcome {
            Ok(accepted) => &accepted.warnings[..],
            Err(rejected) => rejected.warnings(),
        };
        self.assert_pairs(
            issues.iter().map(|issue| [issue.pointer().into(), issue.code().into()]).collect(),
            warnings.iter().map(|warning| [warning.pointer().into(), warning.code().into()]).collect(),
        );
        match outcome {
            Ok(accepted) => assert_eq!(accepted.verbatim, self.verbatim, "verbatim: {}", self.name),
            Err(rejected) => assert_eq!(rejected.omitted() as u64, self.omitted, "omitted: {}", self.name),
        }
    }

    /// Fails unless these are the issues and warnings that the vector expects, as pointer and code.
    pub(crate) fn assert_pairs(&self, issues: Vec<[String; 2]>, warnings: Vec<[String; 2]>) {
        assert_eq!(issues, self.issues, "issues of: {}", self.name);
        assert_eq!(warnings, self.warnings, "warnings of: {}", self.name);
    }
}

fn policy(json: &Value) -> Policy {
    let mut policy = Policy::default();
    for (name, value) in json["limits"].as_object().into_iter().flatten() {
        policy.limits.set(name, &value.to_string()).unwrap();
    }
    if json["unknownMembers"] == "drop" {
        policy.unknown_members = UnknownMembers::Drop;
    }
    policy.fill_in_platform = json["fillInPlatform"] != false;
    policy
}

fn bytes(json: &Value) -> Vec<u8> {
    match (json["input"].as_str(), json["inputHex"].as_str()) {
        (Some(text), _) => text.as_bytes().to_vec(),
        (None, hex) => unhex(hex.unwrap()),
    }
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().map(|digit| digit.to_digit(16).unwrap() as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}
