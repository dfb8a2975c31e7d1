//! Which proof a reply carries, and what is wrong with it on purpose.
//!
//! The vendor's dashboard has a webhook secret, but no page says how it is used for tickets. The
//! three ways here are the habits of its neighbours and of many others, all *unverified* for this
//! API. How they are made: [`crate::webhook`].

use serde::{Deserialize, Serialize};

use crate::webhook::{BadSecret, StandardProof, StandardSecret, ZendeskProof, ZendeskSecret};

/// What a wrong proof is made with, whichever it is.
const WRONG_SECRET: &str = "whsec_bm90IHRoZSBzZWNyZXQgb2YgdGhlIHdlYmhvb2s=";

/// A way to prove it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Proof {
    /// The secret itself, in a header.
    #[default]
    Secret,
    /// As [Zendesk's own webhooks](https://developer.zendesk.com/documentation/webhooks/verifying/)
    /// are signed.
    Zendesk,
    /// As [Standard Webhooks](https://www.standardwebhooks.com/) has it.
    StandardWebhooks,
}

/// What is wrong with a proof on purpose.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Flaw {
    pub(super) wrong_secret: bool,
    /// How old it claims to be.
    pub(super) age_ms: u32,
}

/// What is to be proven.
pub(super) struct Message<'a> {
    /// The same for every try and copy of a reply.
    pub(super) id: &'a str,
    pub(super) body: &'a str,
    pub(super) sent_ms: i64,
}

/// A header: its name, and its value.
pub(super) type Header = (String, String);

impl Proof {
    /// The proof of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        serde_json::from_value(name.into()).ok()
    }

    /// Whether a signature can be made with this secret.
    pub(super) fn takes(self, secret: &str) -> bool {
        match self {
            Self::Secret => true,
            Self::Zendesk => ZendeskSecret::parse(secret).is_ok(),
            Self::StandardWebhooks => StandardSecret::parse(secret).is_ok(),
        }
    }

    /// The headers that prove a message; none where the secret can't be one of this proof. `header`
    /// is the one that carries the bare secret.
    pub(super) fn headers(
        self,
        secret: &str,
        header: &str,
        message: &Message<'_>,
        flaw: Flaw,
    ) -> Vec<Header> {
        let signed_ms = message.sent_ms - i64::from(flaw.age_ms);
        let signed_ms = u64::try_from(signed_ms).unwrap_or_default();
        let secret = if flaw.wrong_secret { WRONG_SECRET } else { secret };
        let headers = match self {
            Self::Secret => Ok(owned([(header, secret)])),
            Self::Zendesk => zendesk(secret, message, signed_ms),
            Self::StandardWebhooks => standard(secret, message, signed_ms),
        };
        headers.unwrap_or_default()
    }
}

fn zendesk(secret: &str, message: &Message<'_>, signed_ms: u64) -> Result<Vec<Header>, BadSecret> {
    let secret = ZendeskSecret::parse(secret)?;
    Ok(owned(ZendeskProof::sign(&secret, signed_ms, message.body.as_bytes()).headers()))
}

fn standard(secret: &str, message: &Message<'_>, signed_ms: u64) -> Result<Vec<Header>, BadSecret> {
    let secrets = [StandardSecret::parse(secret)?];
    Ok(owned(StandardProof::sign(&secrets, message.id, signed_ms, message.body.as_bytes()).headers()))
}

fn owned<const N: usize>(headers: [(&str, &str); N]) -> Vec<Header> {
    headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STANDARD_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    fn headers(proof: Proof, secret: &str, flaw: Flaw) -> Vec<Header> {
        let message = Message {
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            body: r#"{"test": 2432232314}"#,
            sent_ms: 1_614_265_330_500,
        };
        proof.headers(secret, "X-API-Key", &message, flaw)
    }

    fn values(headers: &[Header]) -> Vec<&str> {
        headers.iter().map(|(_, value)| value.as_str()).collect()
    }

    #[test]
    fn each_proof_has_its_headers() {
        let good = Flaw::default();
        assert_eq!(headers(Proof::Secret, "s", good), [("X-API-Key".to_owned(), "s".to_owned())]);
        // The example of the Standard Webhooks specification.
        let standard = headers(Proof::StandardWebhooks, STANDARD_SECRET, good);
        assert_eq!(
            values(&standard),
            ["msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",]
        );
        // Computed by OpenSSL.
        let zendesk = headers(Proof::Zendesk, "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==", good);
        assert_eq!(
            values(&zendesk),
            ["DB72+RUTyokE5UgmYiRmvre7JoHO0DTC4SfXM24Ct+o=", "2021-02-25T15:02:10Z"]
        );
    }

    #[test]
    fn a_flaw_changes_the_proof() {
        for proof in [Proof::Secret, Proof::Zendesk, Proof::StandardWebhooks] {
            let good = headers(proof, STANDARD_SECRET, Flaw::default());
            let wrong = headers(proof, STANDARD_SECRET, Flaw { wrong_secret: true, age_ms: 0 });
            assert_ne!(good, wrong, "{proof:?}");
            let stale = headers(proof, STANDARD_SECRET, Flaw { wrong_secret: false, age_ms: 3_600_000 });
            assert_eq!(good == stale, proof == Proof::Secret, "{proof:?}");
        }
        let stale = headers(Proof::Zendesk, "s", Flaw { wrong_secret: false, age_ms: 3_600_000 });
        assert_eq!(stale[1].1, "2021-02-25T14:02:10Z");
    }

    #[test]
    fn a_secret_of_standard_webhooks_is_base64() {
        for (secret, taken) in [(STANDARD_SECRET, true), ("whsec_", false), ("whsec_%", false), ("s", false)]
        {
            assert_eq!(Proof::StandardWebhooks.takes(secret), taken, "{secret}");
        }
        assert!(Proof::Secret.takes("s"));
        assert_eq!(Proof::named("standard-webhooks"), Some(Proof::StandardWebhooks));
        assert_eq!(Proof::named("tea"), None);
    }
}
