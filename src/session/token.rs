//! Tokens, read and made.

use jwt_compact::alg::{Hs256, Hs256Key};
use jwt_compact::{Algorithm, AlgorithmExt, AlgorithmSignature, Claims, Header, UntrustedToken};
use subtle::ConstantTimeEq;

use super::claims::{Extensions, Issued, Ours, Texts};
use super::invalid::InvalidToken;
use super::origin::Origin;
use super::scope::Scopes;
use super::secret::SessionSecrets;
use crate::event::{BotId, ConversationId};
use crate::limits::Limits;

/// Whom a token is for, unless configured.
pub const AUDIENCE: &str = "ticketwire";

/// How long a token lives at most, in milliseconds: 15 minutes. Our choice: it can't be called back.
pub const MAX_LIFE_MS: u64 = 900_000;

/// How far `iat` and `nbf` may be ahead of our clock, in milliseconds. Our choice: clocks differ.
pub const MAX_AHEAD_MS: u64 = 30_000;

/// The most conversations of a token. Our choice.
pub const MAX_CONVERSATIONS: usize = 100;

/// The most bytes of a token. Our choice: proxies on the way take headers of 8 kB.
pub const MAX_TOKEN_BYTES: usize = 8_192;

const ALGORITHM: &str = "HS256";
const MS_PER_SECOND: u64 = 1_000;

/// What a token allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The conversations that it is for.
    pub conversations: Vec<ConversationId<'static>>,
    /// What may be done with them.
    pub scopes: Scopes,
    /// The bot whose conversations they are; without, the relay's own.
    pub bot: Option<BotId<'static>>,
    /// The one web origin that may use it, where there is one.
    pub origin: Option<Origin>,
    /// When it ends, in milliseconds since the Unix epoch; a token has whole seconds of it.
    pub expires_ms: u64,
}

/// A token that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minted<'a> {
    /// The token.
    pub token: String,
    /// The name of the secret that it is signed with.
    pub kid: &'a str,
}

impl SessionSecrets {
    /// Reads a token. `now_ms` is in milliseconds since the Unix epoch.
    ///
    /// # Errors
    ///
    /// [`InvalidToken`]: the first reason not to take it. Claims are not looked at before the signature
    /// has been found to be right. Fractions of seconds, which the RFC allows, are cut off.
    pub fn read(&self, token: &str, audience: &str, now_ms: u64) -> Result<Session, InvalidToken> {
        let claims = self.verify(token)?;
        let expires_ms = check_times(&claims, now_ms)?;
        claims.custom.check(audience, expires_ms)
    }

    /// The claims of a token that is signed as it should be.
    fn verify(&self, text: &str) -> Result<Claims<Ours>, InvalidToken> {
        if text.len() > MAX_TOKEN_BYTES {
            return Err(InvalidToken::TooLarge);
        }
        let token = UntrustedToken::<Extensions>::try_from(text).map_err(|_| InvalidToken::Malformed)?;
        if token.algorithm() != ALGORITHM {
            return Err(InvalidToken::WrongAlgorithm);
        }
        if token.header().other_fields.is_critical {
            return Err(InvalidToken::CriticalHeader);
        }
        let kid = token.header().key_id.as_deref().ok_or(InvalidToken::NoKeyId)?;
        let secret = self.named(kid).ok_or(InvalidToken::UnknownKeyId)?;
        if !is_signed(text, token.signature_bytes(), &secret.key) {
            return Err(InvalidToken::WrongSignature);
        }
        token.deserialize_claims_unchecked().map_err(|_| InvalidToken::MalformedClaims)
    }
}

impl SessionSecrets {
    /// Makes a token, signed with the first secret. `now_ms` is in milliseconds since the Unix epoch.
    ///
    /// # Errors
    ///
    /// [`InvalidToken`], where [`read`](Self::read) would not take it: it would be too large, say.
    pub fn mint(&self, session: &Session, audience: &str, now_ms: u64) -> Result<Minted<'_>, InvalidToken> {
        let secret = self.first().ok_or(InvalidToken::UnknownKeyId)?;
        let header = Header::empty().with_token_type("JWT").with_key_id(secret.kid.as_str());
        let claims = Claims::new(Issued {
            iat: now_ms / MS_PER_SECOND,
            exp: session.expires_ms / MS_PER_SECOND,
            ours: Ours::of(session, audience),
        });
        let token = Hs256.token(&header, &claims, &secret.key).map_err(|_| InvalidToken::MalformedClaims)?;
        self.read(&token, audience, now_ms)?;
        Ok(Minted { token, kid: &secret.kid })
    }
}

/// Whether what stands before the signature is signed so. The validator of `jwt_compact` would parse the
/// claims first, and so tell whoever can't sign what is wrong with them.
fn is_signed(token: &str, signature: &[u8], key: &Hs256Key) -> bool {
    let right = |(message, _): (&str, &str)| Hs256.sign(key, message.as_bytes());
    token.rsplit_once('.').is_some_and(|parts| right(parts).as_bytes().ct_eq(signature).into())
}

/// When the token ends, where its times are as they should be.
fn check_times(claims: &Claims<Ours>, now_ms: u64) -> Result<u64, InvalidToken> {
    let ms = |seconds: i64| u64::try_from(seconds).unwrap_or_default().saturating_mul(MS_PER_SECOND);
    let issued_ms = ms(claims.issued_at.ok_or(InvalidToken::NoIssueTime)?.timestamp());
    let expires_ms = ms(claims.expiration.ok_or(InvalidToken::NoExpiry)?.timestamp());
    let begins_ms = claims.not_before.map_or(0, |time| ms(time.timestamp()));
    let latest_ms = now_ms.saturating_add(MAX_AHEAD_MS);
    match expires_ms.checked_sub(issued_ms) {
        None | Some(0) => Err(InvalidToken::NoLife),
        Some(life_ms) if life_ms > MAX_LIFE_MS => Err(InvalidToken::LivesTooLong),
        _ if now_ms >= expires_ms => Err(InvalidToken::Expired),
        _ if begins_ms > latest_ms => Err(InvalidToken::NotYetValid),
        _ if issued_ms > latest_ms => Err(InvalidToken::IssuedAhead),
        _ => Ok(expires_ms),
    }
}

impl Ours {
    fn of(session: &Session, audience: &str) -> Self {
        let mut conversations: Vec<_> =
            session.conversations.iter().map(|id| id.as_str().to_owned()).collect();
        let only = if conversations.len() == 1 { conversations.pop() } else { None };
        Self {
            aud: Some(Texts::One(audience.to_owned())),
            conversation: Some(only.map_or(Texts::Several(conversations), Texts::One)),
            scope: Some(session.scopes.to_string()),
            bot: session.bot.as_ref().map(|bot| bot.as_str().to_owned()),
            origin: session.origin.as_ref().map(Origin::to_string),
        }
    }

    fn check(self, audience: &str, expires_ms: u64) -> Result<Session, InvalidToken> {
        if !self.aud.is_some_and(|aud| aud.as_slice().iter().any(|one| one == audience)) {
            return Err(InvalidToken::WrongAudience);
        }
        Ok(Session {
            conversations: conversations(self.conversation)?,
            scopes: self.scope.and_then(|scope| Scopes::parse(&scope)).ok_or(InvalidToken::InvalidScope)?,
            bot: self.bot.map(bot).transpose()?,
            origin: self.origin.map(origin).transpose()?,
            expires_ms,
        })
    }
}

/// Any id that may be configured is allowed: what an event's may be is checked with the event.
fn conversations(claim: Option<Texts>) -> Result<Vec<ConversationId<'static>>, InvalidToken> {
    let ids = claim.ok_or(InvalidToken::InvalidConversation)?;
    let ids = ids.as_slice();
    if !(1..=MAX_CONVERSATIONS).contains(&ids.len()) {
        return Err(InvalidToken::InvalidConversation);
    }
    let limits = Limits::largest();
    let parse = |id: &String| ConversationId::parse(id.clone(), &limits);
    ids.iter().map(parse).collect::<Result<_, _>>().map_err(|_| InvalidToken::InvalidConversation)
}

fn bot(claim: String) -> Result<BotId<'static>, InvalidToken> {
    BotId::parse(claim, &Limits::largest()).map_err(|_| InvalidToken::InvalidBot)
}

fn origin(claim: String) -> Result<Origin, InvalidToken> {
    Origin::parse(&claim).ok_or(InvalidToken::InvalidOrigin)
}
