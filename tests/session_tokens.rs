//! Session tokens: tables, edges of time, and what must hold for every token.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::string_slice, reason = "a test may panic")]

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::Sha256;
use ticketwire::Limits;
use ticketwire::event::{BotId, ConversationId};
use ticketwire::session::{
    AUDIENCE, BadSecret, InvalidToken, MAX_TOKEN_BYTES, Origin, Scope, Scopes, Session, SessionSecrets,
};

const NOW_S: u64 = 1_795_000_000;
const NOW_MS: u64 = NOW_S * 1_000;
const OLD: &str = "the-old-secret-of-32-bytes-and-more";
const NEW: &str = "the-new-secret-of-32-bytes-and-more";

fn secrets() -> SessionSecrets {
    SessionSecrets::parse(&format!("new:{NEW}, old:{OLD}")).unwrap()
}

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    Base64UrlUnpadded::encode_string(bytes.as_ref())
}

/// A token as any library writes it, by code of our own.
fn signed(secret: &str, header: &str, claims: &str) -> String {
    let message = format!("{}.{}", encoded(header), encoded(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    format!("{message}.{}", encoded(mac.finalize().into_bytes()))
}

fn header() -> String {
    json!({"alg": "HS256", "kid": "new", "typ": "JWT"}).to_string()
}

/// Good claims with these in their place; null takes one away.
fn claims(changes: &Value) -> String {
    let mut claims = json!({
        "aud": "ticketwire", "iat": NOW_S, "exp": NOW_S + 900, "conversation": "case-1", "scope": "send read"
    });
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    claims.to_string()
}

fn read(token: &str) -> Result<Session, InvalidToken> {
    secrets().read(token, AUDIENCE, NOW_MS)
}

fn read_claims(changes: &Value) -> Result<Session, InvalidToken> {
    read(&signed(NEW, &header(), &claims(changes)))
}

fn id(text: &str) -> ConversationId<'static> {
    ConversationId::parse(text.to_owned(), &Limits::default()).unwrap()
}

fn session() -> Session {
    Session {
        conversations: vec![id("case-1"), id("case-ä/2")],
        scopes: Scopes::from_iter([Scope::Read]),
        bot: Some(BotId::parse("bot-1", &Limits::default()).unwrap()),
        origin: Origin::parse("http://localhost:3000"),
        expires_ms: NOW_MS + 60_000,
    }
}

#[test]
fn what_is_minted_is_what_is_read() {
    let secrets = secrets();
    let minted = secrets.mint(&session(), AUDIENCE, NOW_MS + 999).unwrap();
    assert_eq!(minted.kid, "new");
    assert_eq!(secrets.read(&minted.token, AUDIENCE, NOW_MS), Ok(session()));
    assert_eq!(secrets.read(&minted.token, "other", NOW_MS), Err(InvalidToken::WrongAudience));
    let payload = minted.token.split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&Base64UrlUnpadded::decode_vec(payload).unwrap()).unwrap();
    assert_eq!(
        claims,
        json!({
            "iat": NOW_S, "exp": NOW_S + 60, "aud": "ticketwire", "conversation": ["case-1", "case-ä/2"],
            "scope": "read", "bot": "bot-1", "origin": "http://localhost:3000"
        })
    );
}

#[test]
fn nothing_is_minted_that_would_not_be_read() {
    let too_many = Session { conversations: vec![id("c"); 101], ..session() };
    let too_large =
        Session { conversations: (0..100).map(|n| id(&format!("{n:0>90}"))).collect(), ..session() };
    let too_long = Session { expires_ms: NOW_MS + 901_000, ..session() };
    let over = Session { expires_ms: NOW_MS, ..session() };
    for (session, reason) in [
        (too_many, InvalidToken::InvalidConversation),
        (too_large, InvalidToken::TooLarge),
        (too_long, InvalidToken::LivesTooLong),
        (over, InvalidToken::NoLife),
    ] {
        assert_eq!(secrets().mint(&session, AUDIENCE, NOW_MS), Err(reason));
    }
}

#[test]
fn each_claim_has_its_reason() {
    for (changes, expected) in [
        (json!({}), None),
        (json!({"aud": ["other", "ticketwire"], "conversation": ["a", "b"], "sub": "x", "jti": [1]}), None),
        (json!({"bot": "bot-1", "origin": "https://shop.example", "scope": "send"}), None),
        (json!({"aud": null}), Some(InvalidToken::WrongAudience)),
        (json!({"aud": "ticketwire2"}), Some(InvalidToken::WrongAudience)),
        (json!({"aud": []}), Some(InvalidToken::WrongAudience)),
        (json!({"aud": 7}), Some(InvalidToken::MalformedClaims)),
        (json!({"conversation": null}), Some(InvalidToken::InvalidConversation)),
        (json!({"conversation": ""}), Some(InvalidToken::InvalidConversation)),
        (json!({"conversation": []}), Some(InvalidToken::InvalidConversation)),
        (json!({"conversation": vec!["c"; 101]}), Some(InvalidToken::InvalidConversation)),
        (json!({"conversation": ["a", "b\u{0}"]}), Some(InvalidToken::InvalidConversation)),
        (json!({"conversation": [1]}), Some(InvalidToken::MalformedClaims)),
        (json!({"scope": null}), Some(InvalidToken::InvalidScope)),
        (json!({"scope": " "}), Some(InvalidToken::InvalidScope)),
        (json!({"scope": "send delete"}), Some(InvalidToken::InvalidScope)),
        (json!({"scope": ["send"]}), Some(InvalidToken::MalformedClaims)),
        (json!({"bot": "a b"}), Some(InvalidToken::InvalidBot)),
        (json!({"origin": "https://shop.example/"}), Some(InvalidToken::InvalidOrigin)),
        (json!({"origin": ""}), Some(InvalidToken::InvalidOrigin)),
        (json!({"exp": "soon"}), Some(InvalidToken::MalformedClaims)),
        (json!({"exp": 1e300}), Some(InvalidToken::MalformedClaims)),
        (json!({"iat": -1}), Some(InvalidToken::LivesTooLong)),
    ] {
        assert_eq!(read_claims(&changes).err(), expected, "{changes}");
    }
}

#[test]
fn times_hold_to_the_second() {
    for (changes, expected) in [
        (json!({"iat": NOW_S - 60, "exp": NOW_S - 1}), Some(InvalidToken::Expired)),
        (json!({"iat": NOW_S - 60, "exp": NOW_S}), Some(InvalidToken::Expired)),
        (json!({"iat": NOW_S - 60, "exp": NOW_S as f64 + 0.9}), Some(InvalidToken::Expired)),
        (json!({"iat": NOW_S - 60, "exp": NOW_S + 1}), None),
        (json!({"exp": NOW_S + 900}), None),
        (json!({"exp": NOW_S + 901}), Some(InvalidToken::LivesTooLong)),
        (json!({"iat": NOW_S as f64 + 0.4, "exp": NOW_S as f64 + 900.4}), None),
        (json!({"iat": NOW_S + 10, "exp": NOW_S + 10}), Some(InvalidToken::NoLife)),
        (json!({"iat": NOW_S + 11, "exp": NOW_S + 10}), Some(InvalidToken::NoLife)),
        (json!({"iat": NOW_S + 30}), None),
        (json!({"iat": NOW_S + 31}), Some(InvalidToken::IssuedAhead)),
        (json!({"nbf": NOW_S + 30}), None),
        (json!({"nbf": NOW_S + 31}), Some(InvalidToken::NotYetValid)),
        (json!({"nbf": "now"}), Some(InvalidToken::MalformedClaims)),
        (json!({"iat": null}), Some(InvalidToken::NoIssueTime)),
        (json!({"exp": null}), Some(InvalidToken::NoExpiry)),
    ] {
        assert_eq!(read_claims(&changes).err(), expected, "{changes}");
    }
    let token = signed(NEW, &header(), &claims(&json!({})));
    let at = |now_ms| secrets().read(&token, AUDIENCE, now_ms).err();
    assert_eq!(at(NOW_MS + 899_999), None);
    assert_eq!(at(NOW_MS + 900_000), Some(InvalidToken::Expired));
    assert_eq!(at(NOW_MS - 30_000), None);
    assert_eq!(at(NOW_MS - 30_001), Some(InvalidToken::IssuedAhead));
}

#[test]
fn each_header_has_its_reason() {
    for (header, secret, expected) in [
        (json!({"alg": "HS256", "kid": "old"}), OLD, None),
        (json!({"alg": "HS256", "kid": "new"}), OLD, Some(InvalidToken::WrongSignature)),
        (json!({"alg": "HS256", "kid": "gone"}), NEW, Some(InvalidToken::UnknownKeyId)),
        (json!({"alg": "HS256"}), NEW, Some(InvalidToken::NoKeyId)),
        (json!({"alg": "HS256", "kid": 7}), NEW, Some(InvalidToken::Malformed)),
        (json!({"kid": "new"}), NEW, Some(InvalidToken::Malformed)),
        (json!({"alg": "none", "kid": "new"}), NEW, Some(InvalidToken::WrongAlgorithm)),
        (json!({"alg": "hs256", "kid": "new"}), NEW, Some(InvalidToken::WrongAlgorithm)),
        (json!({"alg": "HS512", "kid": "new"}), NEW, Some(InvalidToken::WrongAlgorithm)),
        (json!({"alg": "HS256", "kid": "new", "crit": ["exp"]}), NEW, Some(InvalidToken::CriticalHeader)),
        (json!({"alg": "HS256", "kid": "new", "crit": []}), NEW, Some(InvalidToken::CriticalHeader)),
        (json!({"alg": "HS256", "kid": "new", "crit": null}), NEW, Some(InvalidToken::CriticalHeader)),
    ] {
        let token = signed(secret, &header.to_string(), &claims(&json!({})));
        assert_eq!(read(&token).err(), expected, "{header}");
    }
    let none = format!("{}.", encoded(r#"{"alg":"none","kid":"new"}"#));
    let none = format!("{none}{}.", encoded(claims(&json!({}))));
    assert_eq!(read(&none), Err(InvalidToken::WrongAlgorithm));
}

#[test]
fn whoever_cannot_sign_is_not_told_of_the_claims() {
    for wrong in ["", "{}", "[]", r#"{"exp":"soon"}"#, &claims(&json!({"exp": 1})), &claims(&json!({}))] {
        assert_eq!(read(&signed(OLD, &header(), wrong)), Err(InvalidToken::WrongSignature), "{wrong}");
    }
    let token = signed(NEW, &header(), &claims(&json!({})));
    let message = token.rsplit_once('.').unwrap().0;
    for signature in ["", "AAAA", &"A".repeat(43), &"A".repeat(86)] {
        assert_eq!(read(&format!("{message}.{signature}")), Err(InvalidToken::WrongSignature), "{signature}");
    }
}

#[test]
fn what_stands_twice_is_refused() {
    for name in ["exp", "iat", "aud", "conversation", "scope"] {
        let twice = format!(r#"{{"{name}":1,{}"#, &claims(&json!({}))[1..]);
        assert_eq!(read(&signed(NEW, &header(), &twice)), Err(InvalidToken::MalformedClaims), "{name}");
    }
    for name in ["alg", "kid"] {
        let twice = format!(r#"{{"{name}":"HS256",{}"#, &header()[1..]);
        assert_eq!(read(&signed(NEW, &twice, &claims(&json!({})))), Err(InvalidToken::Malformed), "{name}");
    }
}

#[test]
fn only_the_smaller_is_decoded() {
    let pad = |bytes: usize| signed(NEW, &header(), &claims(&json!({"pad": "x".repeat(bytes)})));
    let bytes = (5_000..6_500).find(|bytes| pad(*bytes).len() > MAX_TOKEN_BYTES).unwrap();
    assert_eq!(read(&pad(bytes)), Err(InvalidToken::TooLarge));
    assert!(read(&pad(bytes - 1)).is_ok());
}

#[test]
fn a_setting_is_several_named_secrets() {
    for (setting, expected) in [
        (format!("a:{NEW}"), None),
        (format!("a:{NEW}\n\tb:{OLD}:with:colons"), None),
        (String::new(), Some(BadSecret::None)),
        (" , ".to_owned(), Some(BadSecret::None)),
        (NEW.to_owned(), Some(BadSecret::NoKid)),
        (format!(":{NEW}"), Some(BadSecret::BadKid)),
        (format!("ä:{NEW}"), Some(BadSecret::BadKid)),
        (format!("{}:{NEW}", "a".repeat(64)), None),
        (format!("{}:{NEW}", "a".repeat(65)), Some(BadSecret::BadKid)),
        (format!("a:{NEW},a:{OLD}"), Some(BadSecret::DuplicateKid)),
        (format!("a:{}", "s".repeat(32)), None),
        (format!("a:{}", "s".repeat(31)), Some(BadSecret::TooShort)),
    ] {
        assert_eq!(SessionSecrets::parse(&setting).err(), expected, "{setting}");
    }
    let shown = format!("{:?} {:?}", secrets(), BadSecret::TooShort);
    assert!(!shown.contains("secret-of"));
}

#[test]
fn reasons_tell_each_other_apart_and_show_nothing() {
    let mut codes: Vec<_> = InvalidToken::ALL.iter().map(|reason| reason.code()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), InvalidToken::ALL.len());
    assert!(InvalidToken::TooLarge.to_string().contains(&MAX_TOKEN_BYTES.to_string()));
}

proptest! {
    #[test]
    fn no_text_panics_or_passes(text in ".{0,300}") {
        prop_assert!(read(&text).is_err());
    }

    #[test]
    fn no_header_and_claims_panic(header in "[ -~]{0,80}", claims in ".{0,200}") {
        let _ = read(&signed(NEW, &header, &claims));
    }

    #[test]
    fn no_json_panics(name in prop::sample::select(vec!["aud", "iat", "exp", "nbf", "conversation", "scope", "bot", "origin"]),
                      value in prop::sample::select(vec![json!(null), json!(true), json!(-1e18), json!(1e308), json!(u64::MAX),
                          json!(i64::MIN), json!(""), json!("\u{0}"), json!([]), json!([[]]), json!({}), json!([null])])) {
        let mut all: Value = serde_json::from_str(&claims(&json!({}))).unwrap();
        all[name] = value;
        let _ = read(&signed(NEW, &header(), &all.to_string()));
    }

    /// A changed character is a changed token: nothing of it is not signed.
    #[test]
    fn no_changed_character_passes(at in any::<prop::sample::Index>(), with in "[A-Za-z0-9_.-]") {
        let token = signed(NEW, &header(), &claims(&json!({})));
        let at = at.index(token.len());
        let changed = format!("{}{with}{}", &token[..at], &token[at + 1..]);
        prop_assert_eq!(read(&changed).is_ok(), changed == token);
    }

    #[test]
    fn whatever_is_minted_is_read(ids in prop::collection::vec("[^\\p{Cc}]{1,20}", 1..20), life_s in 1_u64..=900,
                                  ahead_ms in 0_u64..1_000) {
        let session = Session { conversations: ids.iter().map(|text| id(text)).collect(), expires_ms: NOW_MS + life_s * 1_000, ..session() };
        let secrets = secrets();
        let minted = secrets.mint(&session, AUDIENCE, NOW_MS + ahead_ms).unwrap();
        prop_assert_eq!(secrets.read(&minted.token, AUDIENCE, NOW_MS), Ok(session));
    }
}
