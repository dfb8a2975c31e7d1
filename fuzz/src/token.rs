//! The bytes of a session token; and those of its header and claims, signed rightly.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;
use ticketwire::Limits;
use ticketwire::event::ConversationId;
use ticketwire::session::{
    AUDIENCE, InvalidToken, MAX_AHEAD_MS, MAX_CONVERSATIONS, MAX_LIFE_MS, MAX_TOKEN_BYTES, Scope, Scopes,
    Session, SessionSecrets,
};

use super::signature::{flip, sign};

const NOW_MS: u64 = 1_795_000_000_000;

/// The live secrets: the names of them, and they.
const LIVE: [(&str, &str); 2] =
    [("new", "the-new-secret-of-32-bytes-and-more"), ("old", "the-old-secret-of-32-bytes-and-more")];
const FOREIGN: &str = "a-foreign-secret-of-32-bytes-or-more";

/// What is refused before the signature is looked at.
const BEFORE_SIGNATURE: &[InvalidToken] = &[
    InvalidToken::TooLarge,
    InvalidToken::Malformed,
    InvalidToken::WrongAlgorithm,
    InvalidToken::CriticalHeader,
    InvalidToken::NoKeyId,
    InvalidToken::UnknownKeyId,
];

/// Reads the bytes as a token; then their first line as a header, and what is behind it as claims.
pub fn run(data: &[u8]) {
    let secrets = LIVE.map(|(kid, secret)| format!("{kid}:{secret}")).join(",");
    let secrets = SessionSecrets::parse(&secrets).expect("the secrets are good");
    if let Ok(session) = secrets.read(&String::from_utf8_lossy(data), AUDIENCE, NOW_MS) {
        check_session(&session);
    }
    let mut lines = data.splitn(2, |byte| *byte == b'\n');
    let header = lines.next().unwrap_or_default();
    let claims = lines.next().unwrap_or_default();
    for (kid, secret) in LIVE {
        check_signed(&secrets, &Parts { header, claims, kid, secret });
    }
    let foreign = Parts { header, claims, kid: "", secret: FOREIGN };
    assert!(secrets.read(&foreign.signed(|right| right), AUDIENCE, NOW_MS).is_err());
    check_ids(&secrets, &String::from_utf8_lossy(claims));
}

/// What a token is made of, by code of our own.
struct Parts<'a> {
    header: &'a [u8],
    claims: &'a [u8],
    kid: &'a str,
    secret: &'a str,
}

impl Parts<'_> {
    fn signed(&self, change: impl Fn([u8; 32]) -> [u8; 32]) -> String {
        let [header, claims] = [self.header, self.claims].map(Base64UrlUnpadded::encode_string);
        let message = format!("{header}.{claims}");
        let signature = change(sign(self.secret.as_bytes(), &[message.as_bytes()]));
        format!("{message}.{}", Base64UrlUnpadded::encode_string(signature.as_ref()))
    }
}

fn check_signed(secrets: &SessionSecrets, parts: &Parts<'_>) {
    let token = parts.signed(|right| right);
    let read = secrets.read(&token, AUDIENCE, NOW_MS);
    let reason = read.as_ref().err().filter(|reason| BEFORE_SIGNATURE.contains(reason));
    let flipped = secrets.read(&parts.signed(flip), AUDIENCE, NOW_MS);
    assert_eq!(
        flipped,
        Err(*reason.unwrap_or(&InvalidToken::WrongSignature)),
        "one bit is another signature"
    );
    if let Ok(session) = read {
        check_session(&session);
        check_header(parts);
        check_claims(parts.claims, &session);
        check_clock(secrets, &token, &session);
        check_minted(secrets, &session);
    }
}

/// What holds of every session, whatever the token says.
fn check_session(session: &Session) {
    assert!((1..=MAX_CONVERSATIONS).contains(&session.conversations.len()));
    assert!(Scope::ALL.into_iter().any(|scope| session.scopes.contain(scope)), "it allows something");
    assert!(session.expires_ms > NOW_MS, "it is not over");
    assert!(session.expires_ms <= NOW_MS + MAX_AHEAD_MS + MAX_LIFE_MS, "it ends soon");
}

fn check_header(parts: &Parts<'_>) {
    let header: Value = serde_json::from_slice(parts.header).expect("a header is JSON");
    assert_eq!(header["alg"], "HS256");
    assert_eq!(header["kid"], parts.kid, "no secret is good for another's name");
    assert_eq!(header.get("crit"), None);
}

/// The session is what the claims say, and they say what they may.
fn check_claims(claims: &[u8], session: &Session) {
    let claims: Value = serde_json::from_slice(claims).expect("claims are JSON");
    let seconds = |name: &str| claims[name].as_f64().map(f64::trunc);
    let (iat, exp) = (seconds("iat").expect("it has iat"), seconds("exp").expect("it has exp"));
    assert!(iat < exp && exp - iat <= 900.0, "it lives for {iat} to {exp}");
    assert!(iat.max(seconds("nbf").unwrap_or(iat)) * 1e3 <= (NOW_MS + MAX_AHEAD_MS) as f64);
    assert_eq!(exp * 1e3, session.expires_ms as f64);
    assert!(texts(&claims["aud"]).contains(&AUDIENCE));
    let ids: Vec<_> = session.conversations.iter().map(ConversationId::as_str).collect();
    assert_eq!(texts(&claims["conversation"]), ids);
    assert_eq!(claims["scope"].as_str().and_then(Scopes::parse), Some(session.scopes));
    assert_eq!(claims["bot"].as_str(), session.bot.as_ref().map(|bot| bot.as_str()));
    assert_eq!(claims["origin"].as_str(), session.origin.as_ref().map(|origin| origin.as_str()));
}

/// One text, or several.
fn texts(claim: &Value) -> Vec<&str> {
    let several = claim.as_array().map(|texts| texts.iter().filter_map(Value::as_str).collect());
    several.unwrap_or_else(|| claim.as_str().into_iter().collect())
}

/// It is good to its last millisecond, no longer, and not before it can have been made.
fn check_clock(secrets: &SessionSecrets, token: &str, session: &Session) {
    let at = |now_ms| secrets.read(token, AUDIENCE, now_ms);
    assert_eq!(at(session.expires_ms - 1).as_ref(), Ok(session));
    for over_ms in [session.expires_ms, session.expires_ms + 1, u64::MAX] {
        assert_eq!(at(over_ms), Err(InvalidToken::Expired));
    }
    let early_ms = session.expires_ms - MAX_LIFE_MS - MAX_AHEAD_MS - 1;
    assert!(matches!(at(early_ms), Err(InvalidToken::IssuedAhead | InvalidToken::NotYetValid)));
}

/// What was read can be minted, of which the milliseconds are left out, and read again.
fn check_minted(secrets: &SessionSecrets, session: &Session) {
    let now_ms = NOW_MS.max(session.expires_ms - MAX_LIFE_MS);
    let long = Session { expires_ms: session.expires_ms + 999, ..session.clone() };
    let minted = secrets.mint(&long, AUDIENCE, now_ms).expect("what was read can be minted");
    assert_eq!(secrets.read(&minted.token, AUDIENCE, now_ms).as_ref(), Ok(session));
}

/// Whatever can be an id is in a token what it was, and too many are too many.
fn check_ids(secrets: &SessionSecrets, text: &str) {
    let id = |text: &str| ConversationId::parse(text.to_owned(), &Limits::default()).ok();
    let conversations: Vec<_> = text.split('\n').filter_map(id).collect();
    let scopes = Scopes::from_iter([Scope::Read]);
    let count = conversations.len();
    let session = Session { conversations, scopes, bot: None, origin: None, expires_ms: NOW_MS + 1_000 };
    match secrets.mint(&session, AUDIENCE, NOW_MS) {
        Ok(minted) => assert_eq!(secrets.read(&minted.token, AUDIENCE, NOW_MS), Ok(session)),
        Err(InvalidToken::InvalidConversation) => assert!(!(1..=MAX_CONVERSATIONS).contains(&count)),
        Err(reason) => assert!(reason == InvalidToken::TooLarge && text.len() > MAX_TOKEN_BYTES / 4),
    }
}
