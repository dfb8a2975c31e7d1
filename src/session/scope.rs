//! What a session may do.

use std::fmt;

/// One thing that a session may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Send events.
    Send,
    /// Read what was said, and follow it.
    Read,
}

impl Scope {
    /// All that there are.
    pub const ALL: [Self; 2] = [Self::Send, Self::Read];

    /// The word for it in a token.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Read => "read",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Send => 1,
            Self::Read => 2,
        }
    }
}

/// Several scopes.
///
/// ```
/// use ticketwire::session::{Scope, Scopes};
///
/// let scopes = Scopes::parse("read send").unwrap();
/// assert!(scopes.contain(Scope::Send));
/// assert_eq!(scopes.to_string(), "send read");
/// assert_eq!(Scopes::parse("send delete"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scopes(u8);

impl Scopes {
    /// The scopes in a claim: words with a space between, as [RFC 8693](https://www.rfc-editor.org/rfc/rfc8693#section-4.2)
    /// has them. `None` where there is no word, or one that is no scope.
    pub fn parse(claim: &str) -> Option<Self> {
        let scope = |word: &str| Scope::ALL.into_iter().find(|scope| scope.word() == word);
        let scopes: Self =
            claim.split(' ').filter(|word| !word.is_empty()).map(scope).collect::<Option<_>>()?;
        (scopes.0 != 0).then_some(scopes)
    }

    /// Whether this is one of them.
    pub const fn contain(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |bits, scope| bits | scope.bit()))
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> =
            Scope::ALL.into_iter().filter(|scope| self.contain(*scope)).map(Scope::word).collect();
        f.write_str(&words.join(" "))
    }
}
