//! Why a webhook is not proven.

use std::fmt;

/// Why a webhook is not proven. Says nothing of what was shown, nor of what would have been right.
///
/// In the order in which a check goes on, so that of several the greatest tells most: only what is
/// signed rightly is [`Stale`](Self::Stale) or of the [`Future`](Self::Future).
///
/// ```
/// use ticketwire::webhook::Unproven;
///
/// assert_eq!(Unproven::Stale.code(), "stale");
/// assert!(Unproven::Stale > Unproven::WrongSignature);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unproven {
    /// A header is missing, or all are.
    NoProof,
    /// A header is not what it should be.
    Malformed,
    /// No secret of ours made the signature of these bytes.
    WrongSignature,
    /// The signature is right, and more than [`TOLERANCE_MS`](super::TOLERANCE_MS) old.
    Stale,
    /// The signature is right, and more than [`TOLERANCE_MS`](super::TOLERANCE_MS) ahead of time.
    Future,
}

impl Unproven {
    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoProof => "no-proof",
            Self::Malformed => "malformed",
            Self::WrongSignature => "wrong-signature",
            Self::Stale => "stale",
            Self::Future => "future",
        }
    }
}

impl fmt::Display for Unproven {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoProof => "it shows no proof that is taken here",
            Self::Malformed => "its timestamp or signature is not of the expected form",
            Self::WrongSignature => "its signature is not made of these bytes with a secret of ours",
            Self::Stale => "it was signed more than five minutes ago",
            Self::Future => "it was signed more than five minutes ahead of our clock",
        })
    }
}

impl std::error::Error for Unproven {}
