//! Comparing keys and digests. Who calls us is told as a bare secret of a webhook is.

use sha2::{Digest, Sha256};

pub(super) use crate::webhook::{Secrets as Keys, words};

/// SHA-256.
pub(super) fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// A short name for what must not be told: the first 64 bits of its digest.
pub(super) fn tag(text: &str) -> String {
    hex(&digest(text)).chars().take(16).collect()
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
