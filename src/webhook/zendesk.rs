//! The proof of [Zendesk's own webhooks](https://developer.zendesk.com/documentation/webhooks/verifying/).
//!
//! Whether the replies of the Ticket API carry it is *unverified*: no page says so.

use std::fmt;

use super::signing_key::{self, BadSecret, Signature, SigningKey};
use super::timestamp;
use super::unproven::Unproven;

/// The header that has the signature: base64 of an HMAC-SHA256 of the timestamp, and behind it the
/// body.
const SIGNATURE: &str = "x-zendesk-webhook-signature";

/// The header that has the timestamp: when it was signed, as RFC 3339 writes it.
const TIMESTAMP: &str = "x-zendesk-webhook-signature-timestamp";

/// A secret that Zendesk has made for a webhook: any text.
#[derive(Clone)]
pub struct ZendeskSecret(SigningKey);

impl ZendeskSecret {
    /// Reads one.
    ///
    /// # Errors
    ///
    /// [`BadSecret::Empty`].
    pub fn parse(secret: &str) -> Result<Self, BadSecret> {
        SigningKey::new(secret.as_bytes()).map(Self)
    }
}

impl fmt::Debug for ZendeskSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ZendeskSecret(…)")
    }
}

/// What the headers of a webhook say.
///
/// ```
/// use ticketwire::webhook::{Unproven, ZendeskProof, ZendeskSecret};
///
/// let secrets = [ZendeskSecret::parse("dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==")?];
/// let proof = ZendeskProof::sign(&secrets[0], 1_614_265_330_000, b"{}");
/// assert_eq!(proof.headers()[1].1, "2021-02-25T15:02:10Z");
/// assert_eq!(proof.check(&secrets, b"{}", 1_614_265_331_000), Ok(()));
/// assert_eq!(proof.check(&secrets, b"{ }", 1_614_265_331_000), Err(Unproven::WrongSignature));
/// # Ok::<(), ticketwire::webhook::BadSecret>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZendeskProof {
    timestamp: String,
    sent_ms: u64,
    signature: Signature,
    written: String,
}

impl ZendeskProof {
    /// The names of its headers.
    pub const HEADERS: [&'static str; 2] = [SIGNATURE, TIMESTAMP];

    /// Signs a body. `sent_ms` is in milliseconds since the Unix epoch; only its seconds are sent.
    pub fn sign(secret: &ZendeskSecret, sent_ms: u64, body: &[u8]) -> Self {
        let timestamp = timestamp::write(sent_ms);
        let signature = secret.0.sign(&[timestamp.as_bytes(), body]);
        Self { timestamp, sent_ms, signature, written: signing_key::write(&signature) }
    }

    /// Reads the headers of a webhook, each looked up by its name in lower case.
    ///
    /// # Errors
    ///
    /// [`Unproven::NoProof`] where one is missing, [`Unproven::Malformed`] where one can't be read.
    pub fn read(header: impl Fn(&str) -> Option<String>) -> Result<Self, Unproven> {
        let [signature, timestamp] = Self::HEADERS.map(|name| header(name).ok_or(Unproven::NoProof));
        let (written, timestamp) = (signature?, timestamp?);
        let sent_ms = timestamp::read(&timestamp).ok_or(Unproven::Malformed)?;
        let signature = signing_key::read(&written).ok_or(Unproven::Malformed)?;
        Ok(Self { timestamp, sent_ms, signature, written })
    }

    /// Checks them against the bytes of the body as they came. `now_ms` is in milliseconds since the
    /// Unix epoch.
    ///
    /// # Errors
    ///
    /// [`Unproven::WrongSignature`]; where that is right, [`Unproven::Stale`] or [`Unproven::Future`].
    pub fn check(&self, secrets: &[ZendeskSecret], body: &[u8], now_ms: u64) -> Result<(), Unproven> {
        let keys = secrets.iter().map(|secret| &secret.0);
        signing_key::check(keys, &[self.signature], &[self.timestamp.as_bytes(), body])?;
        timestamp::check(self.sent_ms, now_ms)
    }

    /// Its headers: names in lower case, and values.
    pub fn headers(&self) -> [(&'static str, &str); 2] {
        [(SIGNATURE, &self.written), (TIMESTAMP, &self.timestamp)]
    }
}
