//! Reading JSON bytes: what is not JSON is told with its place, in our words.

use serde_json::de::StrRead;

use crate::event::Fault;

/// Reads one JSON value that fills the whole body.
///
/// # Errors
///
/// The [`Fault`] that keeps the body from being JSON.
pub(crate) fn read<'a, T>(
    body: &'a [u8],
    value: impl FnOnce(&mut serde_json::Deserializer<StrRead<'a>>) -> serde_json::Result<T>,
) -> Result<T, Fault> {
    let text = str::from_utf8(body).map_err(|error| not_utf8(body, error.valid_up_to()))?;
    if text.trim_ascii().is_empty() {
        return Err(Fault::NoBody);
    }
    let mut source = serde_json::Deserializer::from_str(text);
    value(&mut source).and_then(|value| source.end().map(|()| value)).map_err(|error| not_json(text, &error))
}

fn not_utf8(body: &[u8], offset: usize) -> Fault {
    let before = body.get(..offset).unwrap_or_default();
    let line = before.split(|byte| *byte == b'\n').count();
    let column = before.rsplit(|byte| *byte == b'\n').next().map_or(0, <[u8]>::len) + 1;
    Fault::NotUtf8 { line, column }
}

fn not_json(text: &str, error: &serde_json::Error) -> Fault {
    let (line, column) = (error.line(), error.column());
    if ends_in_lone_surrogate(text, line, column) {
        Fault::LoneSurrogate { place: Some((line, column)) }
    } else {
        Fault::NotJson { line, column }
    }
}

/// Whether the parser stopped at an escape such as `\ud83d` whose other half is missing. JSON's
/// grammar allows it, UTF-8 has no way to write it; the parser reports both in words only.
fn ends_in_lone_surrogate(text: &str, line: usize, column: usize) -> bool {
    const TWO_ESCAPES: usize = 12;
    let line = text.as_bytes().split(|byte| *byte == b'\n').nth(line.saturating_sub(1)).unwrap_or_default();
    let end = column.min(line.len());
    let tail = line.get(end.saturating_sub(TWO_ESCAPES)..end).unwrap_or_default();
    tail.windows(4).any(|window| {
        let [b'\\', b'u', b'd' | b'D', third] = window else {
            return false;
        };
        matches!(third.to_ascii_lowercase(), b'8'..=b'9' | b'a'..=b'f')
    })
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, de::IgnoredAny};

    use super::*;

    fn fault(body: &[u8]) -> Fault {
        read(body, |source| IgnoredAny::deserialize(source))
            .and_then(|_| read(body, |source| serde_json::Value::deserialize(source)))
            .unwrap_err()
    }

    #[test]
    fn what_is_not_json_is_placed() {
        assert_eq!(fault(b" \n"), Fault::NoBody);
        assert_eq!(fault(b"{\n  \"text\": }"), Fault::NotJson { line: 2, column: 11 });
        assert_eq!(fault(b"{} {}"), Fault::NotJson { line: 1, column: 4 });
        assert_eq!(fault(b"{\n\"a\": \"\xff\"}"), Fault::NotUtf8 { line: 2, column: 7 });
        assert!(matches!(fault(br#"{"text":"\ud83d"}"#), Fault::LoneSurrogate { place: Some((1, _)) }));
        assert!(matches!(fault(br#"{"text":"\ude00 "}"#), Fault::LoneSurrogate { place: Some((1, _)) }));
        assert!(matches!(fault(br#"{"text":"\ud83d\ud83d"}"#), Fault::LoneSurrogate { place: Some((1, _)) }));
        assert!(matches!(fault(br#"{"text":"\ud7ff}"#), Fault::NotJson { .. }));
    }
}
