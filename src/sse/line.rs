//! A text that fits one line of a stream.

use std::borrow::Cow;
use std::fmt;

/// The value of `id` or `event`: no CR or LF, which would end the line, and no U+0000, for which a
/// reader ignores an id.
///
/// ```
/// use ticketwire::sse::Line;
///
/// assert_eq!(Line::parse("reply")?.as_str(), "reply");
/// assert_eq!(Line::from(42).as_str(), "42");
/// assert!(Line::parse("a\ndata: forged").is_err());
/// # Ok::<(), ticketwire::sse::NotOneLine>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'a>(Cow<'a, str>);

impl<'a> Line<'a> {
    /// The door for texts from outside.
    ///
    /// # Errors
    ///
    /// [`NotOneLine`], when the text holds CR, LF or U+0000.
    pub fn parse(text: impl Into<Cow<'a, str>>) -> Result<Self, NotOneLine> {
        let text = text.into();
        if fits(text.as_bytes()) { Ok(Self(text)) } else { Err(NotOneLine) }
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Line<'static> {
    /// The door for texts of our own, to be used in a `const`, where one that does not fit does not
    /// compile.
    ///
    /// ```
    /// use ticketwire::sse::Line;
    ///
    /// const REPLY: Line<'static> = Line::literal("reply");
    /// ```
    ///
    /// ```compile_fail
    /// use ticketwire::sse::Line;
    ///
    /// const TWO: Line<'static> = Line::literal("one\ntwo");
    /// ```
    ///
    /// # Panics
    ///
    /// Outside a `const`, when the text holds CR, LF or U+0000.
    pub const fn literal(text: &'static str) -> Self {
        assert!(fits(text.as_bytes()), "expected one line without U+0000");
        Self(Cow::Borrowed(text))
    }
}

impl From<u64> for Line<'static> {
    /// A number, as an id that counts.
    fn from(number: u64) -> Self {
        Self(Cow::Owned(number.to_string()))
    }
}

const fn fits(mut text: &[u8]) -> bool {
    while let [first, rest @ ..] = text {
        if matches!(first, b'\r' | b'\n' | 0) {
            return false;
        }
        text = rest;
    }
    true
}

/// A text that can't be the value of `id` or `event`; what it says is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotOneLine;

impl fmt::Display for NotOneLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected one line without U+0000; remove line ends and U+0000")
    }
}

impl std::error::Error for NotOneLine {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_would_break_a_frame_is_refused() {
        for (text, fits) in [
            ("", true),
            (" a: b ", true),
            ("ä\u{2028}\u{85}\t", true),
            ("a\r", false),
            ("\nb", false),
            ("a\0b", false),
        ] {
            assert_eq!(Line::parse(text).is_ok(), fits, "{text:?}");
        }
    }
}
