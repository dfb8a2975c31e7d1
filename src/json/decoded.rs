//! What stands between two quotes.

use std::borrow::Cow;

use super::reader::{Broken, Reader};

/// A string of JSON, decoded.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decoded<'a> {
    /// Borrowed where nothing is escaped. Half of a surrogate pair that stands alone is U+FFFD here.
    pub(crate) text: Cow<'a, str>,
    /// The offset of the first half of a surrogate pair that stands alone: JSON's grammar allows it,
    /// no UTF-8 text can hold it.
    pub(crate) half: Option<usize>,
}

/// What an escape stands for.
enum Escaped {
    Char(char),
    /// A surrogate that is not the leading half of a pair.
    Half,
}

impl<'a> Reader<'a> {
    /// Reads to the closing quote; the opening one has been read.
    pub(super) fn string(&mut self) -> Result<Decoded<'a>, Broken> {
        let run = self.run();
        if self.takes(b'"') {
            return Ok(Decoded { text: Cow::Borrowed(run), half: None });
        }
        let mut text = run.to_owned();
        let mut half = None;
        while !self.takes(b'"') {
            let offset = self.offset();
            match self.escaped()? {
                Escaped::Char(character) => text.push(character),
                Escaped::Half => {
                    half = half.or(Some(offset));
                    text.push(char::REPLACEMENT_CHARACTER);
                }
            }
            text.push_str(self.run());
        }
        Ok(Decoded { text: Cow::Owned(text), half })
    }

    /// [`string`](Self::string), where nobody wants to know.
    pub(super) fn pass_string(&mut self) -> Result<(), Broken> {
        self.run();
        while !self.takes(b'"') {
            self.escaped()?;
            self.run();
        }
        Ok(())
    }

    fn escaped(&mut self) -> Result<Escaped, Broken> {
        self.expect(b'\\')?;
        let character = match self.next() {
            Some(character @ (b'"' | b'\\' | b'/')) => char::from(character),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.code_units(),
            _ => return Err(self.broken_before()),
        };
        Ok(Escaped::Char(character))
    }

    /// The character of one code unit, or of the two that make a pair.
    fn code_units(&mut self) -> Result<Escaped, Broken> {
        let unit = self.hexadecimal()?;
        let character = match unit {
            0xD800..=0xDBFF => self.trailing_unit()?.and_then(|trailing| pair(unit, trailing)),
            _ => char::from_u32(unit),
        };
        Ok(character.map_or(Escaped::Half, Escaped::Char))
    }

    /// The escape that stands here, if it is the other half of a pair.
    fn trailing_unit(&mut self) -> Result<Option<u32>, Broken> {
        let start = self.offset();
        if self.takes(b'\\') && self.takes(b'u') {
            let unit = self.hexadecimal()?;
            if matches!(unit, 0xDC00..=0xDFFF) {
                return Ok(Some(unit));
            }
        }
        self.go_back(start);
        Ok(None)
    }

    fn hexadecimal(&mut self) -> Result<u32, Broken> {
        (0..4).try_fold(0, |unit, _| {
            let digit = self.next().and_then(|byte| char::from(byte).to_digit(16));
            digit.map(|digit| unit << 4 | digit).ok_or_else(|| self.broken_before())
        })
    }
}

fn pair(leading: u32, trailing: u32) -> Option<char> {
    char::from_u32(0x10000 + ((leading & 0x3FF) << 10 | trailing & 0x3FF))
}

#[cfg(test)]
mod tests {
    use super::super::{Reader, Value};

    fn decoded(json: &str) -> Option<(String, Option<usize>)> {
        let Ok(Value::String(string)) = Reader::new(json).value() else { return None };
        Some((string.text.into_owned(), string.half))
    }

    #[test]
    fn escapes_are_decoded() {
        for (json, expected) in [
            (r#""""#, ""),
            (r#""aä😀""#, "aä😀"),
            (r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
            (r#""\u0041\u00e4\u20AC""#, "Aä€"),
            (r#""x\ud83d\ude00y""#, "x😀y"),
        ] {
            assert_eq!(decoded(json), Some((expected.to_owned(), None)), "{json}");
        }
    }

    #[test]
    fn half_a_pair_is_noted_where_it_stands() {
        for (json, text, half) in [
            (r#""\ud83d""#, "\u{fffd}", 1),
            (r#""x\ude00y""#, "x\u{fffd}y", 2),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀", 1),
            (r#""\ud83d\u0061""#, "\u{fffd}a", 1),
            (r#""\ud83d\n""#, "\u{fffd}\n", 1),
        ] {
            assert_eq!(decoded(json), Some((text.to_owned(), Some(half))), "{json}");
        }
    }

    #[test]
    fn what_is_no_string_is_refused() {
        for json in
            [r#"""#, r#""\"#, r#""\x""#, r#""\u12""#, r#""\u12g4""#, r#""\ud83d\u""#, "\"\n\"", "\"\u{1f}\""]
        {
            assert_eq!(decoded(json), None, "{json}");
        }
    }
}
