//! Signatures by code of our own, right ones and others.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// HMAC-SHA256 of these parts, one behind the other.
pub(super) fn sign(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

/// Another signature: one bit is changed. Which one, the signature itself says.
pub(super) fn flip(signature: [u8; 32]) -> [u8; 32] {
    flip_at(signature, usize::from(signature[0] % 32))
}

/// One more for each of its bytes, in which one bit is changed.
pub(super) fn flip_each(signature: [u8; 32]) -> impl Iterator<Item = [u8; 32]> {
    (0..signature.len()).map(move |byte| flip_at(signature, byte))
}

fn flip_at(mut signature: [u8; 32], byte: usize) -> [u8; 32] {
    signature[byte] ^= 1 << (signature[1] % 8);
    signature
}
