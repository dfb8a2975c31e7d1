//! How a webhook proves itself: three proofs, made and checked.
//!
//! It **is** the way in which whoever gets a webhook can tell that it is from whom it should be. It is
//! **not** a way to keep the webhook from being read, and it does not tell a copy from the original:
//! within its five minutes, whoever has seen a signed webhook can send it once more.
//!
//! | proof | what is sent | what is proven |
//! |---|---|---|
//! | [`Secrets`] | the secret itself, in a path or a header | who sent it, as long as nobody else has seen the secret |
//! | [`ZendeskProof`] | signature and time, as [Zendesk's webhooks] do | that, and that the bytes are as sent, and when |
//! | [`StandardProof`] | id, time and signatures, as [Standard Webhooks] has it | that, and the id |
//!
//! Every proof may be checked against several secrets that are live at once, so that one can be
//! changed without an interruption. All of them are compared, always, and in constant time. What is
//! signed are the bytes of the body as they came: one that was parsed and written anew is another.
//!
//! ```
//! use ticketwire::webhook::{StandardProof, StandardSecret, Unproven};
//!
//! let secrets = [StandardSecret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?];
//! let body = br#"{"test": 2432232314}"#;
//! let sent_ms = 1_614_265_330_000;
//! let sent = StandardProof::sign(&secrets, "msg_p5jXN8AQM9LWM0D4loKWxJek", sent_ms, body);
//!
//! // At the other end.
//! let headers = sent.headers();
//! let header = |name: &str| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string());
//! let proof = StandardProof::read(header).unwrap();
//! assert_eq!(proof.check(&secrets, body, sent_ms + 1_000), Ok(()));
//! assert_eq!(proof.check(&secrets, b"{}", sent_ms + 1_000), Err(Unproven::WrongSignature));
//! assert_eq!(proof.check(&secrets, body, sent_ms + 3_600_000), Err(Unproven::Stale));
//! # Ok::<(), ticketwire::webhook::BadSecret>(())
//! ```
//!
//! [Zendesk's webhooks]: https://developer.zendesk.com/documentation/webhooks/verifying/
//! [Standard Webhooks]: https://www.standardwebhooks.com/

mod secret;
mod signing_key;
mod standard;
mod timestamp;
mod unproven;
mod zendesk;

pub use secret::Secrets;
pub(crate) use secret::words;
pub use signing_key::BadSecret;
pub use standard::{StandardProof, StandardSecret};
pub use timestamp::TOLERANCE_MS;
pub use unproven::Unproven;
pub use zendesk::{ZendeskProof, ZendeskSecret};
