//! The secrets that tokens are signed with.

use std::fmt;

use jwt_compact::alg::Hs256Key;

use crate::webhook::words;

/// The least bytes of a secret ([RFC 7518 §3.2](https://www.rfc-editor.org/rfc/rfc7518#section-3.2): as
/// many as the hash has).
const MIN_SECRET_BYTES: usize = 32;

/// The most characters of a `kid`. Our choice.
const MAX_KID_BYTES: usize = 64;

/// Several live secrets, each with its name: the first signs, all are known. So one can be changed
/// without an interruption.
///
/// ```
/// use ticketwire::session::{BadSecret, SessionSecrets};
///
/// let secrets = SessionSecrets::parse("b:the-new-one-of-at-least-32-bytes-, a:the-old-one-of-at-least-32-bytes-")?;
/// assert_eq!(format!("{secrets:?}"), "SessionSecrets(2)");
/// assert_eq!(SessionSecrets::parse("a:short").unwrap_err(), BadSecret::TooShort);
/// # Ok::<(), BadSecret>(())
/// ```
#[derive(Clone)]
pub struct SessionSecrets(Vec<Secret>);

/// A secret and its name.
#[derive(Clone)]
pub(super) struct Secret {
    pub(super) kid: String,
    pub(super) key: Hs256Key,
}

/// Why something can't be the secrets. Says what can; nothing is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadSecret {
    /// There is none.
    None,
    /// One has no name.
    NoKid,
    /// A name has other characters than it may, or too many.
    BadKid,
    /// A name stands there twice.
    DuplicateKid,
    /// A secret has fewer than 32 bytes.
    TooShort,
}

impl fmt::Display for BadSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "there is no secret; expected kid:secret",
            Self::NoKid => "a secret has no name; expected kid:secret",
            Self::BadKid => "a kid is not 1 to 64 letters, digits, dots, hyphens and underscores",
            Self::DuplicateKid => "a kid stands there twice; give each secret its own",
            Self::TooShort => "a secret has fewer than 32 bytes; make longer ones at random",
        })
    }
}

impl std::error::Error for BadSecret {}

impl SessionSecrets {
    /// The secrets in a setting: `kid:secret`, separated by commas or white space. A key is the UTF-8
    /// of what stands behind the first colon.
    ///
    /// # Errors
    ///
    /// [`BadSecret`]: there is none, or one is not of this form.
    pub fn parse(setting: &str) -> Result<Self, BadSecret> {
        let mut secrets: Vec<Secret> = Vec::new();
        for word in words(setting) {
            let secret = Secret::parse(word)?;
            if secrets.iter().any(|other| other.kid == secret.kid) {
                return Err(BadSecret::DuplicateKid);
            }
            secrets.push(secret);
        }
        if secrets.is_empty() { Err(BadSecret::None) } else { Ok(Self(secrets)) }
    }

    /// The one that signs.
    pub(super) fn first(&self) -> Option<&Secret> {
        self.0.first()
    }

    /// The one of this name.
    pub(super) fn named(&self, kid: &str) -> Option<&Secret> {
        self.0.iter().find(|secret| secret.kid == kid)
    }
}

/// Says how many, and nothing of any.
impl fmt::Debug for SessionSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SessionSecrets").field(&self.0.len()).finish()
    }
}

impl Secret {
    fn parse(word: &str) -> Result<Self, BadSecret> {
        let (kid, secret) = word.split_once(':').ok_or(BadSecret::NoKid)?;
        let is_kid = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        if !(1..=MAX_KID_BYTES).contains(&kid.len()) || !kid.bytes().all(is_kid) {
            return Err(BadSecret::BadKid);
        }
        if secret.len() < MIN_SECRET_BYTES {
            return Err(BadSecret::TooShort);
        }
        Ok(Self { kid: kid.to_owned(), key: Hs256Key::new(secret) })
    }
}
