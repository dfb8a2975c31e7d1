//! The proof of [Standard Webhooks](https://www.standardwebhooks.com/): its symmetric one, `v1`.

use std::fmt;

use base64ct::{Base64, Encoding};

use super::signing_key::{self, BadSecret, Signature, SigningKey};
use super::timestamp;
use super::unproven::Unproven;

/// The headers of the [specification](https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
const ID: &str = "webhook-id";
const TIMESTAMP: &str = "webhook-timestamp";
const SIGNATURE: &str = "webhook-signature";

/// What each signature of this kind begins with. Others may stand beside it.
const VERSION: &str = "v1,";

const MS_PER_SECOND: u64 = 1_000;

/// A secret of Standard Webhooks: base64, behind `whsec_` where it has that.
///
/// The specification has the prefix always; its official JavaScript library takes both, and so do we.
#[derive(Clone)]
pub struct StandardSecret(SigningKey);

impl StandardSecret {
    /// What a secret begins with.
    pub const PREFIX: &'static str = "whsec_";

    /// Reads one.
    ///
    /// # Errors
    ///
    /// [`BadSecret`]: it is not base64, or is of nothing.
    pub fn parse(secret: &str) -> Result<Self, BadSecret> {
        let encoded = secret.strip_prefix(Self::PREFIX).unwrap_or(secret);
        let key = Base64::decode_vec(encoded).map_err(|_| BadSecret::NotBase64)?;
        SigningKey::new(&key).map(Self)
    }
}

impl fmt::Debug for StandardSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StandardSecret(…)")
    }
}

/// What the headers of a webhook say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandardProof {
    id: String,
    timestamp: String,
    sent_ms: u64,
    signatures: Vec<Signature>,
    written: String,
}

impl StandardProof {
    /// The names of its headers.
    pub const HEADERS: [&'static str; 3] = [ID, TIMESTAMP, SIGNATURE];

    /// Signs a body with all secrets: who receives it may know the first of them or the last.
    ///
    /// `id` is the same for every try of one webhook; `sent_ms` is in milliseconds since the Unix
    /// epoch, and only its seconds are sent.
    ///
    /// ```
    /// use ticketwire::webhook::{StandardProof, StandardSecret};
    ///
    /// let secrets = ["whsec_c2VjcmV0IG9uZQ==", "whsec_c2VjcmV0IHR3bw=="].map(StandardSecret::parse);
    /// let secrets = secrets.into_iter().collect::<Result<Vec<_>, _>>()?;
    /// let proof = StandardProof::sign(&secrets, "msg_1", 1_614_265_330_000, b"{}");
    /// assert_eq!(proof.headers()[2].1.split(' ').count(), 2);
    /// assert_eq!(proof.check(&secrets[1..], b"{}", 1_614_265_330_000), Ok(()));
    /// # Ok::<(), ticketwire::webhook::BadSecret>(())
    /// ```
    pub fn sign(secrets: &[StandardSecret], id: &str, sent_ms: u64, body: &[u8]) -> Self {
        let timestamp = (sent_ms / MS_PER_SECOND).to_string();
        let parts = signed(id, &timestamp, body);
        let signatures: Vec<Signature> = secrets.iter().map(|secret| secret.0.sign(&parts)).collect();
        let written: Vec<_> =
            signatures.iter().map(|one| format!("{VERSION}{}", signing_key::write(one))).collect();
        Self { id: id.to_owned(), timestamp, sent_ms, signatures, written: written.join(" ") }
    }

    /// Reads the headers of a webhook, each looked up by its name in lower case. Signatures of other
    /// versions are passed over.
    ///
    /// # Errors
    ///
    /// [`Unproven::NoProof`] where one is missing, [`Unproven::Malformed`] where one can't be read.
    pub fn read(header: impl Fn(&str) -> Option<String>) -> Result<Self, Unproven> {
        let [id, timestamp, written] = Self::HEADERS.map(|name| header(name).ok_or(Unproven::NoProof));
        let (id, timestamp, written) = (id?, timestamp?, written?);
        let sent_ms = seconds(&timestamp).ok_or(Unproven::Malformed)?.saturating_mul(MS_PER_SECOND);
        let ours = written.split(' ').filter_map(|one| one.strip_prefix(VERSION));
        let signatures: Vec<Signature> = ours.filter_map(signing_key::read).collect();
        if signatures.is_empty() {
            return Err(Unproven::Malformed);
        }
        Ok(Self { id, timestamp, sent_ms, signatures, written })
    }

    /// Checks them against the bytes of the body as they came: one signature by one of the secrets is
    /// enough. `now_ms` is in milliseconds since the Unix epoch.
    ///
    /// # Errors
    ///
    /// [`Unproven::WrongSignature`]; where one is right, [`Unproven::Stale`] or [`Unproven::Future`].
    pub fn check(&self, secrets: &[StandardSecret], body: &[u8], now_ms: u64) -> Result<(), Unproven> {
        let keys = secrets.iter().map(|secret| &secret.0);
        signing_key::check(keys, &self.signatures, &signed(&self.id, &self.timestamp, body))?;
        timestamp::check(self.sent_ms, now_ms)
    }

    /// Its headers: names in lower case, and values.
    pub fn headers(&self) -> [(&'static str, &str); 3] {
        [(ID, &self.id), (TIMESTAMP, &self.timestamp), (SIGNATURE, &self.written)]
    }
}

/// What is signed.
fn signed<'a>(id: &'a str, timestamp: &'a str, body: &'a [u8]) -> [&'a [u8]; 5] {
    [id.as_bytes(), b".", timestamp.as_bytes(), b".", body]
}

/// Unix seconds. The number's type would also take a sign.
fn seconds(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}
