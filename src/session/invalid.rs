//! Why a token is not taken.

use std::fmt;

/// Makes the enum, its codes and its texts of one table.
macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident: $code:literal, $detail:literal;)*) => {
        /// Why a token is not taken. Says nothing of what stands in it.
        ///
        /// ```
        /// use ticketwire::session::InvalidToken;
        ///
        /// assert_eq!(InvalidToken::Expired.code(), "expired");
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum InvalidToken {
            $($(#[$doc])* $name,)*
        }

        impl InvalidToken {
            /// Every reason, for documentation and tests.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable name.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What was expected.
            const fn detail(self) -> &'static str {
                match self { $(Self::$name => $detail,)* }
            }
        }
    };
}

reasons! {
    /// It has more bytes than we take.
    TooLarge: "too-large", "the token has more than 8192 bytes; name fewer conversations in it";
    /// It is not three parts of base64url, or its header is not one.
    Malformed: "malformed", "the token is no JWT: expected three parts of base64url, the first of them a JSON header";
    /// Its `alg` is not HS256.
    WrongAlgorithm: "wrong-algorithm", "the header's `alg` must be HS256";
    /// Its header has `crit`.
    CriticalHeader: "critical-header", "the header has `crit`, of which nothing is understood here; leave it out";
    /// Its header has no `kid`.
    NoKeyId: "no-key-id", "the header has no `kid`; it says which secret the token is signed with";
    /// Its `kid` names no live secret.
    UnknownKeyId: "unknown-key-id", "the header's `kid` names no live secret; the relay has them in SESSION_SECRETS";
    /// It is not signed with the secret that it names.
    WrongSignature: "wrong-signature", "the token is not signed with the secret that its `kid` names";
    /// Its claims are no JSON object, or one of ours has another type or stands there twice.
    MalformedClaims: "malformed-claims", "the claims must be a JSON object in which each claim stands once, with its own type";
    /// It is for somebody else.
    WrongAudience: "wrong-audience", "`aud` does not name this relay; expected `ticketwire`, or what SESSION_AUDIENCE says";
    /// It does not say when it was made.
    NoIssueTime: "no-issue-time", "`iat` is missing: the time at which the token was made, in seconds";
    /// It does not say when it ends.
    NoExpiry: "no-expiry", "`exp` is missing: the time at which the token ends, in seconds";
    /// It ends before it was made, or at once.
    NoLife: "no-life", "`exp` must be after `iat`";
    /// It lives for longer than we allow.
    LivesTooLong: "lives-too-long", "`exp` may be at most 900 seconds after `iat`; get a new token when it ends";
    /// Its time is over.
    Expired: "expired", "the token's time is over; get a new one";
    /// Its `nbf` is ahead.
    NotYetValid: "not-yet-valid", "`nbf` is ahead of the relay's clock";
    /// Its `iat` is ahead.
    IssuedAhead: "issued-ahead", "`iat` is more than 30 seconds ahead of the relay's clock; set the clock of whoever mints";
    /// It names no conversation, too many, or something that can't be one.
    InvalidConversation: "invalid-conversation", "`conversation` must be a conversation's id, or a list of 1 to 100";
    /// It allows nothing, or something that we don't know.
    InvalidScope: "invalid-scope", "`scope` must be `send`, `read`, or both with a space between";
    /// Its `bot` is none.
    InvalidBot: "invalid-bot", "`bot` must be a bot's id";
    /// Its `origin` is none.
    InvalidOrigin: "invalid-origin", "`origin` must be a web origin, such as https://shop.example";
}

impl fmt::Display for InvalidToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.detail())
    }
}

impl std::error::Error for InvalidToken {}
