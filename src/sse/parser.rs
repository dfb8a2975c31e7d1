//! What a reader makes of a stream.

use std::fmt;
use std::mem;

use super::message::Message;

/// Reads a stream as its bytes come, cut anywhere; what is heard does not depend on the cuts.
///
/// One parser reads one connection. Where that ends, an unfinished frame ends with it: drop the
/// parser.
///
/// ```
/// use ticketwire::sse::Parser;
///
/// let mut parser = Parser::new(1_000);
/// let mut heard = Vec::new();
/// parser.push(b"retry: 500\ndata: Hel", |message| heard.push(message))?;
/// assert_eq!((heard.len(), parser.retry_ms()), (0, Some(500)));
/// parser.push(b"lo\r\n\r\n", |message| heard.push(message))?;
/// assert_eq!((heard[0].event.as_str(), heard[0].data.as_str()), ("message", "Hello"));
/// # Ok::<(), ticketwire::sse::FrameTooLarge>(())
/// ```
#[derive(Debug)]
pub struct Parser {
    max_frame_bytes: usize,
    retry_ms: Option<u64>,
    last_event_id: String,
    /// The bytes of the line that has no end yet.
    line: Vec<u8>,
    /// The frame so far, in bytes: lines end at ASCII characters, so decoding can wait for its end.
    event: Vec<u8>,
    id: Vec<u8>,
    data: Vec<u8>,
    /// The last byte was CR: an LF that follows belongs to the same line end.
    after_cr: bool,
    at_start: bool,
    is_too_large: bool,
}

impl Parser {
    /// A parser at the start of a stream. It holds at most `max_frame_bytes` of one frame: its data,
    /// its type and the line that is being read; and an id besides, of no more.
    pub const fn new(max_frame_bytes: usize) -> Self {
        Self {
            max_frame_bytes,
            retry_ms: None,
            last_event_id: String::new(),
            line: Vec::new(),
            event: Vec::new(),
            id: Vec::new(),
            data: Vec::new(),
            after_cr: false,
            at_start: true,
            is_too_large: false,
        }
    }

    /// How long to wait before connecting again, in milliseconds, as the stream said last.
    pub const fn retry_ms(&self) -> Option<u64> {
        self.retry_ms
    }

    /// The id to connect again with, as `Last-Event-ID`; empty where there is none. A frame without
    /// data may name one that no message has brought.
    pub fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    /// Reads the next bytes, and gives each message that they complete to `hear`.
    ///
    /// # Errors
    ///
    /// [`FrameTooLarge`]; so does every later call, and nothing more is heard. Messages before the
    /// frame have been heard.
    pub fn push(&mut self, mut bytes: &[u8], mut hear: impl FnMut(Message)) -> Result<(), FrameTooLarge> {
        while let Some(message) = self.next(&mut bytes)? {
            hear(message);
        }
        Ok(())
    }

    /// Reads up to the next message, or to the end of these bytes.
    fn next(&mut self, bytes: &mut &[u8]) -> Result<Option<Message>, FrameTooLarge> {
        while !bytes.is_empty() {
            if mem::take(&mut self.after_cr)
                && let Some(rest) = bytes.strip_prefix(b"\n")
            {
                *bytes = rest;
                continue;
            }
            let mut parts = bytes.splitn(2, |byte| matches!(byte, b'\r' | b'\n'));
            let part = parts.next().unwrap_or_default();
            self.extend_line(part)?;
            self.after_cr = bytes.get(part.len()) == Some(&b'\r');
            let rest = parts.next();
            *bytes = rest.unwrap_or_default();
            if rest.is_some()
                && let Some(message) = self.end_line()
            {
                return Ok(Some(message));
            }
        }
        Ok(None)
    }

    fn extend_line(&mut self, part: &[u8]) -> Result<(), FrameTooLarge> {
        let held = self.line.len() + self.event.len() + self.data.len();
        self.is_too_large |= part.len() > self.max_frame_bytes.saturating_sub(held);
        if self.is_too_large {
            return Err(FrameTooLarge { max_bytes: self.max_frame_bytes });
        }
        self.line.extend_from_slice(part);
        Ok(())
    }

    fn end_line(&mut self) -> Option<Message> {
        let line = mem::take(&mut self.line);
        let is_first = mem::take(&mut self.at_start);
        let line = line.strip_prefix("\u{feff}".as_bytes()).filter(|_| is_first).unwrap_or(&line);
        if line.is_empty() {
            return self.dispatch();
        }
        let mut halves = line.splitn(2, |byte| *byte == b':');
        let name = halves.next().unwrap_or_default();
        let value = halves.next().unwrap_or_default();
        self.field(name, value.strip_prefix(b" ").unwrap_or(value));
        None
    }

    /// A comment is a field without a name, so it is among those that nobody knows.
    fn field(&mut self, name: &[u8], value: &[u8]) {
        match name {
            b"event" => self.event = value.to_vec(),
            b"data" => {
                self.data.extend_from_slice(value);
                self.data.push(b'\n');
            }
            b"id" if !value.contains(&0) => self.id = value.to_vec(),
            b"retry" => self.retry_ms = milliseconds(value).or(self.retry_ms),
            _ => {}
        }
    }

    fn dispatch(&mut self) -> Option<Message> {
        self.last_event_id = decode(&self.id);
        let event = mem::take(&mut self.event);
        let data = mem::take(&mut self.data);
        let data = decode(data.strip_suffix(b"\n")?);
        let event = if event.is_empty() { "message".to_owned() } else { decode(&event) };
        Some(Message { event, data, last_event_id: self.last_event_id.clone() })
    }
}

/// Digits alone; those that are too many mean very long, not wrong.
fn milliseconds(value: &[u8]) -> Option<u64> {
    let digits = str::from_utf8(value).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    (!digits.is_empty()).then(|| digits.parse().unwrap_or(u64::MAX))
}

/// As `String::from_utf8_lossy`, which has more in tow: this is part of the npm package.
fn decode(mut bytes: &[u8]) -> String {
    let mut text = String::new();
    loop {
        let error = match str::from_utf8(bytes) {
            Ok(rest) => {
                text.push_str(rest);
                return text;
            }
            Err(error) => error,
        };
        let (valid, rest) = bytes.split_at_checked(error.valid_up_to()).unwrap_or((bytes, &[]));
        text.push_str(str::from_utf8(valid).unwrap_or_default());
        text.push(char::REPLACEMENT_CHARACTER);
        bytes = rest.get(error.error_len().unwrap_or(rest.len())..).unwrap_or_default();
    }
}

/// A frame has more bytes than the reader takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameTooLarge {
    /// What it takes.
    pub max_bytes: usize,
}

impl fmt::Display for FrameTooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a frame of the stream is larger than {} bytes; raise the limit, or send less",
            self.max_bytes
        )
    }
}

impl std::error::Error for FrameTooLarge {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_utf8_is_replaced_as_the_standard_library_does() {
        for bytes in [
            &b"plain"[..],
            b"\xff",
            b"a\xc3\xa4\xc3",
            b"\xf0\x9f\x98",
            b"\xf0\x9f\x98x\xed\xa0\x80y",
            b"\xe2\x82\xc3(\xf8\x88",
            b"",
        ] {
            assert_eq!(decode(bytes), String::from_utf8_lossy(bytes), "{bytes:?}");
        }
    }

    /// What is heard of a stream that comes whole: type, data, id.
    fn heard(stream: &[u8]) -> Vec<[String; 3]> {
        let mut heard = Vec::new();
        let mut parser = Parser::new(10_000);
        parser
            .push(stream, |message| heard.push([message.event, message.data, message.last_event_id]))
            .unwrap();
        heard
    }

    #[test]
    #[rustfmt::skip]
    fn each_rule_of_the_standard_holds() {
        for (rule, stream, expected) in [
            ("data is heard at the empty line", "data: a\n\n", &[["message", "a", ""]][..]),
            ("nothing is heard before it", "data: a\n", &[]),
            ("all line ends are one", "data: a\r\rdata: b\r\n\r\ndata: c\n\r", &[["message", "a", ""], ["message", "b", ""], ["message", "c", ""]]),
            ("CR LF is one end, LF CR are two", "data: a\r\ndata: b\n\rdata: c\n", &[["message", "a\nb", ""]]),
            ("lines are joined by LF", "data: a\ndata:\ndata: b\n\n", &[["message", "a\n\nb", ""]]),
            ("one empty line of data is data", "data\n\ndata:\n\n", &[["message", "", ""], ["message", "", ""]]),
            ("two are a line end", "data\ndata\n\n", &[["message", "\n", ""]]),
            ("only one space is no part of a value", "data:a\ndata:  b\ndata: \tc \n\n", &[["message", "a\n b\n\tc ", ""]]),
            ("only the first colon divides", "data: a:b: c\n\n", &[["message", "a:b: c", ""]]),
            ("names are exact", "Data: a\ndata : b\n data: c\ndatas: d\n\n", &[]),
            ("a comment is not heard", ": a\n:\n:data: b\ndata: c\n\n", &[["message", "c", ""]]),
            ("a type lasts for one frame", "event: e\ndata: a\n\ndata: b\n\n", &[["e", "a", ""], ["message", "b", ""]]),
            ("the last type is the one", "event: e\nevent: f\ndata: a\n\n", &[["f", "a", ""]]),
            ("an empty type is none", "event: e\nevent\ndata: a\n\n", &[["message", "a", ""]]),
            ("a type without data is forgotten", "event: e\n\ndata: a\n\n", &[["message", "a", ""]]),
            ("a type may hold U+0000", "event: e\0\ndata: a\n\n", &[["e\0", "a", ""]]),
            ("an id lasts until the next", "id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\n", &[["message", "a", "1"], ["message", "b", "1"], ["message", "c", "2"]]),
            ("an empty id takes it back", "id: 1\ndata: a\n\nid\ndata: b\n\n", &[["message", "a", "1"], ["message", "b", ""]]),
            ("an id with U+0000 is ignored", "id: 1\nid: 2\0\ndata: a\n\n", &[["message", "a", "1"]]),
            ("an id needs no data", "id: 1\n\ndata: a\n\n", &[["message", "a", "1"]]),
            ("one byte order mark is ignored", "\u{feff}data: a\n\n", &[["message", "a", ""]]),
            ("a second is not", "\u{feff}\u{feff}data: a\n\n", &[]),
            ("nor is one later", "data: a\n\n\u{feff}data: b\n\ndata: \u{feff}c\n\n", &[["message", "a", ""], ["message", "\u{feff}c", ""]]),
            ("a mark alone is an empty line", "\u{feff}\ndata: a\n\n", &[["message", "a", ""]]),
        ] {
            assert_eq!(heard(stream.as_bytes()), expected, "{rule}");
        }
    }

    #[test]
    fn what_is_not_utf8_is_replaced() {
        for (stream, data) in [
            (&b"data: a\xffb\n\n"[..], "a\u{fffd}b"),
            (b"data: \xe2\x82\ndata: \xac\n\n", "\u{fffd}\n\u{fffd}"),
            (b"data: \xf0\x9f\x98\x80\n\n", "\u{1f600}"),
            (b"data: \xed\xa0\xbd\n\n", "\u{fffd}\u{fffd}\u{fffd}"),
            (b"da\xffta: a\ndata: b\n\n", "b"),
        ] {
            assert_eq!(heard(stream)[0][1], data, "{stream:?}");
        }
    }

    #[test]
    fn a_time_to_wait_is_digits_and_needs_no_frame() {
        for (line, expected) in [
            ("retry: 0", Some(0)),
            ("retry:007", Some(7)),
            ("retry: 99999999999999999999", Some(u64::MAX)),
            ("retry: 5\nretry: soon", Some(5)),
            ("retry", None),
            ("retry:  5", None),
            ("retry: 5 ", None),
            ("retry: +5", None),
            ("retry: -5", None),
            ("retry: 5.0", None),
            ("retry: \u{665}", None),
        ] {
            let mut parser = Parser::new(100);
            parser.push(format!("{line}\n").as_bytes(), |_| {}).unwrap();
            assert_eq!(parser.retry_ms(), expected, "{line}");
        }
    }

    #[test]
    fn an_id_counts_once_its_frame_is_complete() {
        let mut parser = Parser::new(100);
        parser.push(b"id: 1\n\nid: 2\n", |_| {}).unwrap();
        assert_eq!(parser.last_event_id(), "1");
        parser.push(b"\n", |_| {}).unwrap();
        assert_eq!(parser.last_event_id(), "2");
    }

    #[test]
    fn the_limit_holds_at_its_edge_and_for_good() {
        let too_large = Err(FrameTooLarge { max_bytes: 8 });
        for (stream, outcome, messages) in [
            ("data: ab\n\n", Ok(()), 1),
            ("data: abc\n\n", too_large, 0),
            ("data:a\r\ndata:b\r\n\r\n", Ok(()), 1),
            ("data:a\ndata:bc\n\n", too_large, 0),
            ("event:ab\ndata:c\n\n", Ok(()), 1),
            ("event:ab\ndata:cd\n\n", too_large, 0),
            (":2345678\n:2345678\ndata:abc\n\n", Ok(()), 1),
            (":23456789", too_large, 0),
            ("data:a\n\ndata:b\n\ndata:cdef\n\ndata:d\n\n", too_large, 2),
        ] {
            let (mut heard, mut parser) = (0, Parser::new(8));
            assert_eq!(parser.push(stream.as_bytes(), |_| heard += 1), outcome, "{stream:?}");
            assert_eq!(heard, messages, "{stream:?}");
            assert_eq!(parser.push(b"\n\ndata:a\n\n", |_| heard += 1).is_ok(), outcome.is_ok(), "{stream:?}");
        }
    }
}
