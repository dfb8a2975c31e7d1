//! The texts of an event, each with one checked door.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use super::fault::Fault;
use crate::limits::Limits;

/// Which characters a text may hold.
#[derive(Clone, Copy)]
pub(crate) enum Characters {
    /// All but U+0000.
    Prose,
    /// No control characters: the text names something.
    Name,
    /// Visible ASCII: the text travels in a header.
    Header,
}

impl Characters {
    fn check(self, text: &str) -> Result<(), Fault> {
        let bytes = text.as_bytes();
        match self {
            Self::Header if !bytes.iter().all(u8::is_ascii_graphic) => Err(Fault::NotHeaderSafe),
            // Most names, which then need no other look.
            Self::Name if bytes.iter().all(|byte| (b' '..=b'~').contains(byte)) => Ok(()),
            _ if bytes.contains(&0) => Err(Fault::Nul),
            Self::Name if text.chars().any(char::is_control) => Err(Fault::Control),
            _ => Ok(()),
        }
    }
}

/// What a door asks of a text; the JSON Schemas say the same.
pub(crate) struct Rules {
    pub(crate) may_be_empty: bool,
    pub(crate) max_bytes: fn(&Limits) -> usize,
    pub(crate) characters: Characters,
}

impl Rules {
    pub(super) fn check(&self, text: &str, limits: &Limits) -> Result<(), Fault> {
        if text.is_empty() && !self.may_be_empty {
            return Err(Fault::Empty);
        }
        let max_bytes = (self.max_bytes)(limits);
        if text.len() > max_bytes {
            return Err(Fault::TooLong { max_bytes, bytes: text.len() });
        }
        self.characters.check(text)
    }
}

/// A newtype over text, its door, and what every text can do. `Debug` never shows the text: it is
/// the customer's.
macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident: $characters:ident, $max:expr, may_be_empty: $may_be_empty:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name<'a>(Cow<'a, str>);

        impl<'a> $name<'a> {
            pub(crate) const RULES: Rules = Rules {
                may_be_empty: $may_be_empty,
                max_bytes: $max,
                characters: Characters::$characters,
            };

            /// The one door.
            ///
            /// # Errors
            ///
            /// The [`Fault`], when the text is empty, too long, or holds a forbidden character.
            pub fn parse(text: impl Into<Cow<'a, str>>, limits: &Limits) -> Result<Self, Fault> {
                let text = text.into();
                Self::RULES.check(&text, limits)?;
                Ok(Self(text))
            }

            /// A text that has been checked by [`RULES`](Self::RULES): for the walk, which checks all
            /// texts in one place.
            #[allow(dead_code, reason = "a bot id is not part of an event")]
            pub(super) const fn checked(text: Cow<'a, str>) -> Self {
                Self(text)
            }

            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The same, free of what it was read from.
            pub fn into_owned(self) -> $name<'static> {
                $name(Cow::Owned(self.0.into_owned()))
            }
        }

        impl fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({} bytes)"), self.0.len())
            }
        }
    };
}

checked_text! {
    /// `platformConversationId`: names a conversation; chosen by the CRM.
    ///
    /// ```
    /// use ticketwire::{Limits, event::ConversationId};
    ///
    /// let id = ConversationId::parse("case-4711", &Limits::default())?;
    /// assert_eq!(id.as_str(), "case-4711");
    /// assert!(ConversationId::parse("", &Limits::default()).is_err());
    /// # Ok::<(), ticketwire::event::Fault>(())
    /// ```
    ConversationId: Name, |limits| limits.max_conversation_id_bytes, may_be_empty: false
}

checked_text! {
    /// `text`: what the ticket says. May be empty: an event may carry variables alone.
    Text: Prose, |limits| limits.max_text_bytes, may_be_empty: true
}

checked_text! {
    /// `platform`: the sending platform; [`PUBLIC_API`](super::PUBLIC_API) for a custom CRM.
    Platform: Name, |limits| limits.max_platform_bytes, may_be_empty: false
}

impl Platform<'static> {
    /// [`PUBLIC_API`](super::PUBLIC_API), which passes every check.
    pub const PUBLIC_API: Self = Self(Cow::Borrowed(super::PUBLIC_API));
}

checked_text! {
    /// `metaData[].key`: the name of a variable.
    MetaKey: Name, |limits| limits.max_key_bytes, may_be_empty: false
}

checked_text! {
    /// `metaData[].value`: the value of a variable. The API takes only strings.
    MetaValue: Prose, |limits| limits.max_value_bytes, may_be_empty: true
}

checked_text! {
    /// The bot id, sent in the header `botid`.
    ///
    /// ```
    /// use ticketwire::{Limits, event::BotId};
    ///
    /// assert!(BotId::parse("618a30beee4e8e87d2f94015", &Limits::default())?.looks_usual());
    /// assert!(!BotId::parse("my-bot", &Limits::default())?.looks_usual());
    /// # Ok::<(), ticketwire::event::Fault>(())
    /// ```
    BotId: Header, |_| 256, may_be_empty: false
}

impl BotId<'_> {
    /// Whether this is 24 hexadecimal digits, as every real bot id that the vendor's pages show;
    /// placeholders there are not, so this is worth a warning and never an error.
    pub fn looks_usual(&self) -> bool {
        self.0.len() == 24 && self.0.bytes().all(|byte| byte.is_ascii_hexdigit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits { max_text_bytes: 4, max_key_bytes: 4, ..Limits::default() }
    }

    #[test]
    fn each_limit_holds_at_its_edges() {
        assert!(Text::parse("ääx", &limits()).is_err());
        assert!(Text::parse("ää", &limits()).is_ok());
        assert!(Text::parse("", &limits()).is_ok());
        assert_eq!(MetaKey::parse("", &limits()), Err(Fault::Empty));
        assert_eq!(MetaKey::parse("abcde", &limits()), Err(Fault::TooLong { max_bytes: 4, bytes: 5 }));
        assert!(MetaKey::parse("abcd", &limits()).is_ok());
    }

    #[test]
    fn characters_are_checked_by_use() {
        assert_eq!(Text::parse("a\0", &limits()), Err(Fault::Nul));
        assert!(Text::parse("a\r\n\t", &limits()).is_ok());
        assert_eq!(MetaKey::parse("a\n", &limits()), Err(Fault::Control));
        assert_eq!(MetaKey::parse("a\0", &limits()), Err(Fault::Nul));
        assert_eq!(BotId::parse("a b", &limits()), Err(Fault::NotHeaderSafe));
        assert_eq!(BotId::parse("ä", &limits()), Err(Fault::NotHeaderSafe));
    }

    #[test]
    fn debug_shows_no_text() {
        let text = Text::parse("abc", &limits()).unwrap();
        assert_eq!(format!("{text:?}"), "Text(3 bytes)");
    }

    #[test]
    fn a_usual_bot_id_is_24_hex_digits() {
        for (id, usual) in
            [("618a30beee4e8e87d2f94015", true), ("618a30beee4e8e87d2f9401", false), ("bot", false)]
        {
            assert_eq!(BotId::parse(id, &limits()).unwrap().looks_usual(), usual, "{id}");
        }
    }
}
