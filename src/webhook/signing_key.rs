//! What signatures are made with.

use std::fmt;

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::secret::any_equal;
use super::unproven::Unproven;

/// A signature: HMAC-SHA256 ([RFC 2104](https://www.rfc-editor.org/rfc/rfc2104)).
pub(super) type Signature = [u8; 32];

/// A key for signatures. The key itself is not kept, only what HMAC makes of it.
#[derive(Clone)]
pub(super) struct SigningKey(Hmac<Sha256>);

/// Why something can't be a secret. Says what can; the secret is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadSecret {
    /// There is nothing in it.
    Empty,
    /// It is not base64, as a secret of Standard Webhooks is.
    NotBase64,
}

impl fmt::Display for BadSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "a secret is empty",
            Self::NotBase64 => "a secret is not base64; expected whsec_ and base64 with its padding",
        })
    }
}

impl std::error::Error for BadSecret {}

impl SigningKey {
    pub(super) fn new(key: &[u8]) -> Result<Self, BadSecret> {
        if key.is_empty() {
            return Err(BadSecret::Empty);
        }
        // HMAC takes keys of every length.
        Hmac::new_from_slice(key).map(Self).map_err(|_| BadSecret::Empty)
    }

    /// The signature of these parts, one behind the other.
    pub(super) fn sign(&self, parts: &[&[u8]]) -> Signature {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

/// Whether one of these signatures was made of these parts with one of these keys. All keys are
/// tried, always.
pub(super) fn check<'a>(
    keys: impl Iterator<Item = &'a SigningKey>,
    signatures: &[Signature],
    parts: &[&[u8]],
) -> Result<(), Unproven> {
    let expected: Vec<Signature> = keys.map(|key| key.sign(parts)).collect();
    if any_equal(&expected, signatures) { Ok(()) } else { Err(Unproven::WrongSignature) }
}

/// A signature as headers have it: base64.
pub(super) fn write(signature: &Signature) -> String {
    Base64::encode_string(signature)
}

/// The signature in a header, where it is one.
pub(super) fn read(text: &str) -> Option<Signature> {
    let mut signature = [0; 32];
    let decoded = Base64::decode(text, &mut signature).ok()?;
    (decoded.len() == 32).then_some(signature)
}
