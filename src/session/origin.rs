//! The web origin that may use a session.

use std::fmt;

/// Our choice: longer than any host name.
const MAX_BYTES: usize = 300;

/// A web origin, as browsers write it into the header `Origin`
/// ([RFC 6454](https://www.rfc-editor.org/rfc/rfc6454#section-6.2)): scheme, host in lower case, and the
/// port where it is not the scheme's own. Compared letter by letter.
///
/// ```
/// use ticketwire::session::Origin;
///
/// assert!(Origin::parse("https://shop.example").is_some());
/// for wrong in ["https://shop.example/", "https://Shop.example", "shop.example", "null"] {
///     assert!(Origin::parse(wrong).is_none());
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// Reads one; `None` where no browser would write it so.
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, host) = text.split_once("://")?;
        let is_scheme =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+-.".contains(&byte);
        let is_host =
            |byte: u8| byte.is_ascii_graphic() && !byte.is_ascii_uppercase() && !b"/\\?#@".contains(&byte);
        let is_origin = text.len() <= MAX_BYTES
            && !scheme.is_empty()
            && !host.is_empty()
            && scheme.bytes().all(is_scheme)
            && host.bytes().all(is_host);
        is_origin.then(|| Self(text.to_owned()))
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
