//! The proofs of a webhook: tables, and what must hold for every body, secret and time.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "a test may panic")]

use proptest::prelude::*;
use serde_json::Value;
use ticketwire::webhook::{
    BadSecret, Secrets, StandardProof, StandardSecret, TOLERANCE_MS, Unproven, ZendeskProof, ZendeskSecret,
};

/// The example of the Standard Webhooks specification.
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const BODY: &[u8] = br#"{"test": 2432232314}"#;
const NOW_MS: u64 = 1_614_265_330_000;
const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

/// Computed by OpenSSL.
const ZENDESK_SECRET: &str = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==";
const ZENDESK_TIMESTAMP: &str = "2021-02-25T15:02:10Z";
const ZENDESK_SIGNATURE: &str = "DB72+RUTyokE5UgmYiRmvre7JoHO0DTC4SfXM24Ct+o=";

fn standard(secrets: &[&str]) -> Vec<StandardSecret> {
    secrets.iter().map(|secret| StandardSecret::parse(secret).unwrap()).collect()
}

fn zendesk(secrets: &[&str]) -> Vec<ZendeskSecret> {
    secrets.iter().map(|secret| ZendeskSecret::parse(secret).unwrap()).collect()
}

/// Looks headers up as a server does; one that is `-` is missing.
fn lookup<'a>(headers: &'a [(&'static str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
    |name| {
        let found = headers.iter().find(|(known, _)| *known == name);
        found.filter(|(_, value)| *value != "-").map(|(_, value)| (*value).to_owned())
    }
}

fn check_standard(values: [&str; 3], secrets: &[&str], body: &[u8], now_ms: u64) -> Result<(), Unproven> {
    let headers: Vec<_> = StandardProof::HEADERS.into_iter().zip(values).collect();
    StandardProof::read(lookup(&headers))?.check(&standard(secrets), body, now_ms)
}

fn check_zendesk(values: [&str; 2], secrets: &[&str], body: &[u8], now_ms: u64) -> Result<(), Unproven> {
    let headers: Vec<_> = ZendeskProof::HEADERS.into_iter().zip(values).collect();
    ZendeskProof::read(lookup(&headers))?.check(&zendesk(secrets), body, now_ms)
}

/// The vectors that the npm package goes by, too.
#[test]
fn the_shared_vectors_hold() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("vectors/webhooks.json")).unwrap();
    for vector in &vectors {
        let secrets: Vec<&str> =
            vector["secrets"].as_array().unwrap().iter().map(|secret| secret.as_str().unwrap()).collect();
        let header = |name: &str| vector["headers"][name].as_str().map(str::to_owned);
        let (body, now_ms) = (vector["body"].as_str().unwrap().as_bytes(), vector["nowMs"].as_u64().unwrap());
        let outcome = match vector["proof"].as_str().unwrap() {
            "secret" => match header("x-api-key") {
                None => Err(Unproven::NoProof),
                Some(shown) if Secrets::parse(&secrets.join(",")).contain(&shown) => Ok(()),
                Some(_) => Err(Unproven::WrongSignature),
            },
            "zendesk" => {
                ZendeskProof::read(header).and_then(|proof| proof.check(&zendesk(&secrets), body, now_ms))
            }
            _ => StandardProof::read(header).and_then(|proof| proof.check(&standard(&secrets), body, now_ms)),
        };
        assert_eq!(outcome.err().map(Unproven::code), vector["code"].as_str(), "{}", vector["name"]);
    }
}

#[test]
fn the_vectors_are_made_and_taken() {
    let proof = StandardProof::sign(&standard(&[SECRET]), ID, NOW_MS + 500, BODY);
    assert_eq!(proof.headers().map(|(_, value)| value), [ID, "1614265330", SIGNATURE]);
    assert_eq!(check_standard([ID, "1614265330", SIGNATURE], &[SECRET], BODY, NOW_MS), Ok(()));
    let proof = ZendeskProof::sign(&zendesk(&[ZENDESK_SECRET])[0], NOW_MS + 500, BODY);
    assert_eq!(proof.headers().map(|(_, value)| value), [ZENDESK_SIGNATURE, ZENDESK_TIMESTAMP]);
    let values = [ZENDESK_SIGNATURE, ZENDESK_TIMESTAMP];
    assert_eq!(check_zendesk(values, &[ZENDESK_SECRET], BODY, NOW_MS), Ok(()));
}

#[test]
fn each_way_in_which_a_standard_proof_fails_has_its_reason() {
    const SECONDS: &str = "1614265330";
    let other = "whsec_c2VjcmV0IG51bWJlciB0d28=";
    let rotated = format!("v1,{} {SIGNATURE} v1a,asymmetric v2,next", "A".repeat(43) + "=");
    let unknown = format!("v1a,{}", &SIGNATURE[3..]);
    let (short, padding) = (&SIGNATURE[..SIGNATURE.len() - 4], SIGNATURE.trim_end_matches('='));
    let good = [ID, SECONDS, SIGNATURE];
    let with = |index: usize, value| {
        let mut values = good;
        values[index] = value;
        values
    };
    for (values, secrets, body, outcome) in [
        (good, &[SECRET][..], BODY, Ok(())),
        (good, &[other, SECRET], BODY, Ok(())),
        (good, &[&SECRET["whsec_".len()..]], BODY, Ok(())),
        (with(2, &rotated), &[other, SECRET], BODY, Ok(())),
        (good, &[other], BODY, Err(Unproven::WrongSignature)),
        (good, &[], BODY, Err(Unproven::WrongSignature)),
        (good, &[SECRET], b"{\"test\":2432232314}", Err(Unproven::WrongSignature)),
        (with(0, "msg_2"), &[SECRET], BODY, Err(Unproven::WrongSignature)),
        (with(1, "1614265331"), &[SECRET], BODY, Err(Unproven::WrongSignature)),
        (with(1, "01614265330"), &[SECRET], BODY, Err(Unproven::WrongSignature)),
        (with(0, "-"), &[SECRET], BODY, Err(Unproven::NoProof)),
        (with(1, "-"), &[SECRET], BODY, Err(Unproven::NoProof)),
        (with(2, "-"), &[SECRET], BODY, Err(Unproven::NoProof)),
        (with(1, ""), &[SECRET], BODY, Err(Unproven::Malformed)),
        (with(1, "+1614265330"), &[SECRET], BODY, Err(Unproven::Malformed)),
        (with(1, "99999999999999999999"), &[SECRET], BODY, Err(Unproven::Malformed)),
        (with(1, "18446744073709551615"), &[SECRET], BODY, Err(Unproven::WrongSignature)),
        (with(2, ""), &[SECRET], BODY, Err(Unproven::Malformed)),
        (with(2, &unknown), &[SECRET], BODY, Err(Unproven::Malformed)),
        (with(2, short), &[SECRET], BODY, Err(Unproven::Malformed)),
        (with(2, padding), &[SECRET], BODY, Err(Unproven::Malformed)),
    ] {
        assert_eq!(check_standard(values, secrets, body, NOW_MS), outcome, "{values:?}");
    }
}

#[test]
fn each_way_in_which_a_zendesk_proof_fails_has_its_reason() {
    let good = [ZENDESK_SIGNATURE, ZENDESK_TIMESTAMP];
    let (signature, timestamp) = (ZENDESK_SIGNATURE, ZENDESK_TIMESTAMP);
    for (values, secrets, body, outcome) in [
        (good, &[ZENDESK_SECRET][..], BODY, Ok(())),
        (good, &["other", ZENDESK_SECRET], BODY, Ok(())),
        (good, &["other"], BODY, Err(Unproven::WrongSignature)),
        (good, &[], BODY, Err(Unproven::WrongSignature)),
        (good, &[ZENDESK_SECRET], b"{}", Err(Unproven::WrongSignature)),
        ([signature, "2021-02-25T15:02:10+00:00"], &[ZENDESK_SECRET], BODY, Err(Unproven::WrongSignature)),
        (["-", timestamp], &[ZENDESK_SECRET], BODY, Err(Unproven::NoProof)),
        ([signature, "-"], &[ZENDESK_SECRET], BODY, Err(Unproven::NoProof)),
        ([signature, "1614265330"], &[ZENDESK_SECRET], BODY, Err(Unproven::Malformed)),
        (["v1,x", timestamp], &[ZENDESK_SECRET], BODY, Err(Unproven::Malformed)),
        (["", timestamp], &[ZENDESK_SECRET], BODY, Err(Unproven::Malformed)),
    ] {
        assert_eq!(check_zendesk(values, secrets, body, NOW_MS), outcome, "{values:?}");
    }
}

#[test]
fn a_right_signature_holds_for_five_minutes() {
    for (now_ms, outcome) in [
        (NOW_MS + TOLERANCE_MS, Ok(())),
        (NOW_MS + TOLERANCE_MS + 1, Err(Unproven::Stale)),
        (NOW_MS - TOLERANCE_MS, Ok(())),
        (NOW_MS - TOLERANCE_MS - 1, Err(Unproven::Future)),
        (0, Err(Unproven::Future)),
        (u64::MAX, Err(Unproven::Stale)),
    ] {
        assert_eq!(check_standard([ID, "1614265330", SIGNATURE], &[SECRET], BODY, now_ms), outcome);
        let values = [ZENDESK_SIGNATURE, ZENDESK_TIMESTAMP];
        assert_eq!(check_zendesk(values, &[ZENDESK_SECRET], BODY, now_ms), outcome);
        let wrong = check_zendesk(values, &["other"], BODY, now_ms);
        assert_eq!(wrong, Err(Unproven::WrongSignature), "whoever can't sign is not told of the clock");
    }
}

#[test]
fn what_can_not_be_a_secret_is_told_apart() {
    for (secret, outcome) in [
        (SECRET, None),
        ("c2VjcmV0", None),
        ("whsec_", Some(BadSecret::Empty)),
        ("", Some(BadSecret::Empty)),
        ("whsec_%", Some(BadSecret::NotBase64)),
        ("whsec_c2VjcmV", Some(BadSecret::NotBase64)),
        ("whsec_c2Vj_-V0", Some(BadSecret::NotBase64)),
        ("whsec_whsec_c2VjcmV0", Some(BadSecret::NotBase64)),
    ] {
        assert_eq!(StandardSecret::parse(secret).err(), outcome, "{secret}");
    }
    assert_eq!(ZendeskSecret::parse("").err(), Some(BadSecret::Empty));
}

#[test]
fn no_secret_prints() {
    let said = format!(
        "{:?} {:?} {:?} {:?}",
        Secrets::parse(SECRET),
        standard(&[SECRET]),
        zendesk(&[SECRET]),
        StandardProof::sign(&standard(&[SECRET]), ID, NOW_MS, BODY),
    );
    assert!(!said.contains(&SECRET["whsec_".len()..]), "{said}");
    // Nor the key's bytes, as a list of numbers.
    assert!(!said.contains("49, 242, 144"), "{said}");
}

#[test]
fn every_reason_has_a_code_of_its_own() {
    let reasons =
        [Unproven::NoProof, Unproven::Malformed, Unproven::WrongSignature, Unproven::Stale, Unproven::Future];
    assert_eq!(reasons.map(Unproven::code), ["no-proof", "malformed", "wrong-signature", "stale", "future"]);
    assert!(reasons.is_sorted());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_signed_is_proven_and_with_one_byte_changed_it_is_not(
        body in prop::collection::vec(any::<u8>(), 1..300),
        at in any::<prop::sample::Index>(),
        flip in 1..=255u8,
        keys in prop::collection::vec("[a-zA-Z0-9]{16}", 1..4),
        which in any::<prop::sample::Index>(),
        sent_ms in 0..253_402_300_799_999u64,
    ) {
        let texts: Vec<&str> = keys.iter().map(String::as_str).collect();
        let mut changed = body.clone();
        changed[at.index(body.len())] ^= flip;
        let wrong = Err(Unproven::WrongSignature);

        let signed = StandardProof::sign(&standard(&texts), ID, sent_ms, &body);
        let read = StandardProof::read(lookup(&signed.headers())).unwrap();
        let one = standard(&[texts[which.index(texts.len())]]);
        prop_assert_eq!(read.check(&one, &body, sent_ms), Ok(()));
        prop_assert_eq!(read.check(&one, &changed, sent_ms), wrong);
        prop_assert_eq!(read.check(&standard(&["b3RoZXI="]), &body, sent_ms), wrong);

        let signed = ZendeskProof::sign(&zendesk(&texts)[which.index(texts.len())], sent_ms, &body);
        let read = ZendeskProof::read(lookup(&signed.headers())).unwrap();
        prop_assert_eq!(read.check(&zendesk(&texts), &body, sent_ms), Ok(()));
        prop_assert_eq!(read.check(&zendesk(&texts), &changed, sent_ms), wrong);
    }

    #[test]
    fn no_header_and_no_clock_is_too_strange(
        values in prop::array::uniform3(".{0,40}"),
        timestamp in "[-+0-9TZ:. ]{0,30}",
        seconds in any::<u64>(),
        now_ms in any::<u64>(),
    ) {
        let [id, first, second] = values.each_ref().map(String::as_str);
        let seconds = seconds.to_string();
        for timestamp in [&timestamp, first, &seconds] {
            for signature in [second, SIGNATURE, ZENDESK_SIGNATURE] {
                prop_assert!(check_standard([id, timestamp, signature], &[SECRET], BODY, now_ms).is_err());
                prop_assert!(check_zendesk([signature, timestamp], &[ZENDESK_SECRET], BODY, now_ms).is_err());
            }
        }
    }

    #[test]
    fn of_bare_secrets_only_the_whole_one_opens(secrets in prop::collection::vec("[a-z]{8,20}", 1..4), shown in "[a-z]{0,20}") {
        let all = Secrets::parse(&secrets.join(" , "));
        for secret in &secrets {
            prop_assert!(all.contain(secret));
            prop_assert!(!all.contain(&secret.to_uppercase()));
        }
        prop_assert_eq!(all.contain(&shown), secrets.contains(&shown));
    }
}
