//! The claims of a token, as JSON has them.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};

/// What we want to know of a header beside `alg` and `kid`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Extensions {
    /// Whether it has `crit`, whatever that says.
    #[serde(rename = "crit", default, deserialize_with = "present")]
    pub(super) is_critical: bool,
}

fn present<'de, D: Deserializer<'de>>(source: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(source).map(|_| true)
}

/// Our claims beside `iat`, `exp` and `nbf`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Ours {
    pub(super) aud: Option<Texts>,
    pub(super) conversation: Option<Texts>,
    pub(super) scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bot: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) origin: Option<String>,
}

/// The claims of a token that is made.
#[derive(Serialize)]
pub(super) struct Issued {
    pub(super) iat: u64,
    pub(super) exp: u64,
    #[serde(flatten)]
    pub(super) ours: Ours,
}

/// One text, or several.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Texts {
    One(String),
    Several(Vec<String>),
}

impl Texts {
    pub(super) fn as_slice(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Several(texts) => texts,
        }
    }
}
