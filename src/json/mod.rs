//! JSON as this crate reads and writes it: values are pulled one after the other from the text itself,
//! so that a check goes on behind what is wrong, and what is sent on can be sent as it came.
//!
//! Ours, and not a library's, because of what it weighs in the npm package: see CONTRIBUTING.md.

mod decoded;
mod members;
mod raw;
mod reader;
mod run;
mod write;

pub(crate) use decoded::Decoded;
pub(crate) use members::{Member, items, last, members, take, whole};
pub use raw::{Members, Raw};
pub(crate) use reader::{Begun, Broken, Reader, Value};
#[cfg(feature = "client")]
pub(crate) use write::List;
pub(crate) use write::{Object, boolean};

use crate::event::Fault;

/// The text of a body.
///
/// # Errors
///
/// The [`Fault`] that keeps it from being one.
pub(crate) fn text(body: &[u8]) -> Result<&str, Fault> {
    let text = str::from_utf8(body).map_err(|error| not_utf8(body, error.valid_up_to()))?;
    if text.trim_ascii().is_empty() { Err(Fault::NoBody) } else { Ok(text) }
}

fn not_utf8(body: &[u8], offset: usize) -> Fault {
    let (line, column) = place(body, offset);
    Fault::NotUtf8 { line, column }
}

/// What to say of a text that is no JSON.
pub(crate) fn not_json(text: &str, broken: Broken) -> Fault {
    let (line, column) = place(text.as_bytes(), broken.offset());
    Fault::NotJson { line, column }
}

/// Line and column, in bytes from 1, of an offset.
pub(crate) fn place(text: &[u8], offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.split(|byte| *byte == b'\n').count();
    let column = before.rsplit(|byte| *byte == b'\n').next().map_or(0, <[u8]>::len) + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(body: &[u8]) -> Option<Fault> {
        let text = match text(body) {
            Ok(text) => text,
            Err(fault) => return Some(fault),
        };
        let mut reader = Reader::new(text);
        let read = reader.value().and_then(|value| reader.pass(&value)).and_then(|_| reader.end());
        read.err().map(|broken| not_json(text, broken))
    }

    #[test]
    fn what_is_not_json_is_placed() {
        assert_eq!(fault(b" \n"), Some(Fault::NoBody));
        assert_eq!(fault(b"{\n  \"text\": }"), Some(Fault::NotJson { line: 2, column: 11 }));
        assert_eq!(fault(b"{} {}"), Some(Fault::NotJson { line: 1, column: 4 }));
        assert_eq!(fault(b"[1,\n2"), Some(Fault::NotJson { line: 2, column: 2 }));
        assert_eq!(fault(b"{\n\"a\": \"\xff\"}"), Some(Fault::NotUtf8 { line: 2, column: 7 }));
        assert_eq!(fault(br#"{"text":"\ud7ff}"#), Some(Fault::NotJson { line: 1, column: 17 }));
        assert_eq!(fault(br#"{"text":"\ud83d"}"#), None);
    }
}
