//! Which proofs of a webhook are taken: any one that holds is enough.

use super::keys::Keys;
use crate::webhook::{StandardProof, StandardSecret, Unproven, ZendeskProof, ZendeskSecret};

/// How a webhook may prove itself, as configured. No page of the vendor says how its webhook does, so
/// several ways may be open at once.
pub(super) struct Proofs {
    /// What may stand at the end of the path, or in a header: `WEBHOOK_SECRETS`.
    pub(super) secrets: Keys,
    /// That header, in lower case: `WEBHOOK_SECRET_HEADER`.
    pub(super) header: String,
    /// `WEBHOOK_ZENDESK_SECRETS`.
    pub(super) zendesk: Vec<ZendeskSecret>,
    /// `WEBHOOK_STANDARD_SECRETS`.
    pub(super) standard: Vec<StandardSecret>,
}

/// What a webhook shows, before its body is read.
#[derive(Debug)]
pub(super) enum Shown {
    /// One of the secrets: that is proof enough.
    Secret,
    /// At least one signature, which only the body can prove.
    Signed(Result<ZendeskProof, Unproven>, Result<StandardProof, Unproven>),
}

impl Proofs {
    /// Whether there is nothing to prove oneself with.
    pub(super) const fn is_empty(&self) -> bool {
        self.secrets.is_empty() && self.zendesk.is_empty() && self.standard.is_empty()
    }

    /// What a webhook shows of what is taken here; `header` answers a header by its name.
    pub(super) fn shown(
        &self,
        path_secret: Option<&str>,
        header: impl Fn(&str) -> Option<String>,
    ) -> Result<Shown, Unproven> {
        let opens = |secret: &str| self.secrets.contain(secret);
        if path_secret.is_some_and(opens) || header(&self.header).as_deref().is_some_and(opens) {
            return Ok(Shown::Secret);
        }
        let zendesk = taken(&self.zendesk).and_then(|()| ZendeskProof::read(&header));
        let standard = taken(&self.standard).and_then(|()| StandardProof::read(&header));
        any(&zendesk, &standard)?;
        Ok(Shown::Signed(zendesk, standard))
    }

    /// Whether that proves these bytes.
    pub(super) fn check(&self, shown: Shown, body: &[u8], now_ms: u64) -> Result<(), Unproven> {
        match shown {
            Shown::Secret => Ok(()),
            Shown::Signed(zendesk, standard) => any(
                &zendesk.and_then(|proof| proof.check(&self.zendesk, body, now_ms)),
                &standard.and_then(|proof| proof.check(&self.standard, body, now_ms)),
            ),
        }
    }

    /// The ways that are open, by the names of settings and headers.
    pub(super) fn ways(&self) -> String {
        let secret = format!(
            "one of WEBHOOK_SECRETS at the end of the path or in the header {} (WEBHOOK_SECRET_HEADER)",
            self.header
        );
        let signed = |headers: &[&str], setting| format!("{} by one of {setting}", headers.join(", "));
        let zendesk = signed(&ZendeskProof::HEADERS, "WEBHOOK_ZENDESK_SECRETS");
        let standard = signed(&StandardProof::HEADERS, "WEBHOOK_STANDARD_SECRETS");
        let ways = [
            (self.secrets.is_empty(), secret),
            (self.zendesk.is_empty(), zendesk),
            (self.standard.is_empty(), standard),
        ];
        let open: Vec<String> =
            ways.into_iter().filter(|(is_closed, _)| !is_closed).map(|(_, way)| way).collect();
        open.join("; or ")
    }
}

/// Whether a proof is taken at all: where nothing can hold, no body need be read.
fn taken<T>(secrets: &[T]) -> Result<(), Unproven> {
    if secrets.is_empty() { Err(Unproven::NoProof) } else { Ok(()) }
}

/// Whether one of two is there; else the reason that tells most.
fn any<A, B>(one: &Result<A, Unproven>, other: &Result<B, Unproven>) -> Result<(), Unproven> {
    match (one, other) {
        (Ok(_), _) | (_, Ok(_)) => Ok(()),
        (Err(one), Err(other)) => Err(*one.max(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: u64 = 1_700_000_000_000;
    const HOUR_MS: u64 = 3_600_000;
    const BODY: &[u8] = b"{}";

    fn zendesk() -> ZendeskSecret {
        ZendeskSecret::parse("zendesk_secret_1").unwrap()
    }

    fn standard() -> StandardSecret {
        StandardSecret::parse("whsec_c3RhbmRhcmQgc2VjcmV0").unwrap()
    }

    fn all() -> Proofs {
        Proofs {
            secrets: Keys::parse("bare_secret_0001"),
            header: "x-api-key".into(),
            zendesk: vec![zendesk()],
            standard: vec![standard()],
        }
    }

    type Headers = Vec<(&'static str, String)>;

    fn by_zendesk(secret: &ZendeskSecret, sent_ms: u64) -> Headers {
        let proof = ZendeskProof::sign(secret, sent_ms, BODY);
        proof.headers().map(|(name, value)| (name, value.to_owned())).into()
    }

    fn by_standard(secret: &StandardSecret, sent_ms: u64) -> Headers {
        let proof = StandardProof::sign(std::slice::from_ref(secret), "msg_1", sent_ms, BODY);
        proof.headers().map(|(name, value)| (name, value.to_owned())).into()
    }

    /// The outcome, and whether the body was read for it.
    fn outcome(proofs: &Proofs, path: Option<&str>, headers: &Headers) -> (Result<(), Unproven>, bool) {
        let header =
            |name: &str| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        match proofs.shown(path, header) {
            Ok(shown) => (proofs.check(shown, BODY, NOW_MS), true),
            Err(reason) => (Err(reason), false),
        }
    }

    #[test]
    fn any_one_that_holds_is_enough() {
        let bare = |value: &str| vec![("x-api-key", value.to_owned())];
        let stranger = StandardSecret::parse("c29tZWJvZHkgZWxzZQ==").unwrap();
        let wrong_beside_right = [by_standard(&stranger, NOW_MS), by_zendesk(&zendesk(), NOW_MS)].concat();
        let stale_beside_wrong =
            [by_standard(&stranger, NOW_MS), by_zendesk(&zendesk(), NOW_MS - HOUR_MS)].concat();
        let malformed = vec![("x-zendesk-webhook-signature", "?".to_owned())];
        let malformed_beside_right = [malformed, by_standard(&standard(), NOW_MS)].concat();
        for (path, headers, expected) in [
            (Some("bare_secret_0001"), vec![], (Ok(()), true)),
            (Some("wrong"), bare("bare_secret_0001"), (Ok(()), true)),
            (Some("wrong"), by_zendesk(&zendesk(), NOW_MS), (Ok(()), true)),
            (None, by_standard(&standard(), NOW_MS), (Ok(()), true)),
            (None, wrong_beside_right, (Ok(()), true)),
            (None, malformed_beside_right, (Ok(()), true)),
            (None, stale_beside_wrong, (Err(Unproven::Stale), true)),
            (None, by_standard(&stranger, NOW_MS), (Err(Unproven::WrongSignature), true)),
            (None, by_standard(&standard(), NOW_MS + HOUR_MS), (Err(Unproven::Future), true)),
            (None, vec![], (Err(Unproven::NoProof), false)),
            (Some("wrong"), bare("wrong"), (Err(Unproven::NoProof), false)),
        ] {
            assert_eq!(outcome(&all(), path, &headers), expected, "{path:?} {headers:?}");
        }
    }

    #[test]
    fn what_is_not_configured_is_neither_taken_nor_named() {
        let only = Proofs { zendesk: vec![], standard: vec![], ..all() };
        for headers in [by_zendesk(&zendesk(), NOW_MS), by_standard(&standard(), NOW_MS)] {
            assert_eq!(outcome(&only, None, &headers), (Err(Unproven::NoProof), false));
        }
        assert!(!only.ways().contains("ZENDESK") && !only.ways().contains("STANDARD"));
        let none = Proofs { secrets: Keys::default(), ..only };
        assert!(none.is_empty());
        assert_eq!(outcome(&none, Some(""), &vec![("x-api-key", String::new())]).0, Err(Unproven::NoProof));
        for name in ["WEBHOOK_SECRETS", "WEBHOOK_ZENDESK_SECRETS", "WEBHOOK_STANDARD_SECRETS", "webhook-id"] {
            assert!(all().ways().contains(name), "{name}");
        }
    }
}
