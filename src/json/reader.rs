//! Pulling values out of a text.

use super::decoded::Decoded;
use super::run;

/// A value, or how one begins.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Null,
    Boolean(bool),
    Number,
    String(Decoded<'a>),
    /// A list has begun: its entries come by [`Reader::entry`].
    List,
    /// An object has begun: its members come by [`Reader::name`].
    Object,
    /// What JSON has no word for; see [`Reader::of_value`].
    Other,
}

/// The text is no JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken(usize);

impl Broken {
    /// Where: the offset of the first byte that can't stand where it does.
    pub(super) const fn offset(self) -> usize {
        self.0
    }
}

/// Whether something stands before what is read next in a list or an object, and so a comma between.
#[derive(Debug, Default)]
pub(crate) struct Begun(bool);

/// How values are told from each other that JSON has no word for.
const OTHER: u8 = b'?';

/// A place in a text, from which it is read on.
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
    takes_other: bool,
}

impl<'a> Reader<'a> {
    /// At the beginning of JSON.
    pub(crate) const fn new(text: &'a str) -> Self {
        Self { text, at: 0, takes_other: false }
    }

    /// At the beginning of the description of a JavaScript value: JSON, in which `?` stands for what
    /// JSON has no word for.
    #[cfg(feature = "client")]
    pub(crate) const fn of_value(text: &'a str) -> Self {
        Self { text, at: 0, takes_other: true }
    }

    /// Whether this is the description of a JavaScript value.
    pub(crate) const fn is_of_value(&self) -> bool {
        self.takes_other
    }

    /// Reads a value, or the beginning of a list or an object.
    pub(crate) fn value(&mut self) -> Result<Value<'a>, Broken> {
        self.blank();
        match self.next() {
            Some(b'"') => self.string().map(Value::String),
            Some(b'{') => Ok(Value::Object),
            Some(b'[') => Ok(Value::List),
            Some(b't') => self.word("rue").map(|()| Value::Boolean(true)),
            Some(b'f') => self.word("alse").map(|()| Value::Boolean(false)),
            Some(b'n') => self.word("ull").map(|()| Value::Null),
            Some(b'-') => self.number().map(|()| Value::Number),
            Some(b'0'..=b'9') => {
                self.at -= 1;
                self.number().map(|()| Value::Number)
            }
            Some(OTHER) if self.takes_other => Ok(Value::Other),
            _ => Err(self.broken_before()),
        }
    }

    /// Whether another entry follows in this list; if so its value is what is read next.
    pub(crate) fn entry(&mut self, begun: &mut Begun) -> Result<bool, Broken> {
        self.goes_on(b']', begun)
    }

    /// The name of the next member of this object, if there is one; its value is what is read next.
    pub(crate) fn name(&mut self, begun: &mut Begun) -> Result<Option<Decoded<'a>>, Broken> {
        if !self.goes_on(b'}', begun)? {
            return Ok(None);
        }
        self.blank();
        self.expect(b'"')?;
        let name = self.string()?;
        self.colon()?;
        Ok(Some(name))
    }

    /// Reads past what is left of a value, however deep: without recursion, so that no input can
    /// exhaust the stack. Returns how many levels it has.
    pub(crate) fn pass(&mut self, value: &Value<'_>) -> Result<usize, Broken> {
        match value {
            Value::List => self.pass_levels(b']'),
            Value::Object => self.pass_levels(b'}'),
            _ => Ok(0),
        }
    }

    /// The text of the next value, which is passed over.
    pub(crate) fn raw(&mut self) -> Result<&'a str, Broken> {
        self.blank();
        let start = self.at;
        self.pass_value()?;
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    /// Makes sure that nothing follows.
    pub(crate) fn end(&mut self) -> Result<(), Broken> {
        self.blank();
        if self.peek().is_none() { Ok(()) } else { Err(Broken(self.at)) }
    }

    fn pass_value(&mut self) -> Result<(), Broken> {
        if self.takes(b'"') {
            return self.pass_string();
        }
        let value = self.value()?;
        self.pass(&value).map(|_| ())
    }

    /// Passes a list or an object that has begun; `closer` ends it.
    fn pass_levels(&mut self, closer: u8) -> Result<usize, Broken> {
        let mut open = vec![closer];
        let mut deepest = 1;
        let mut begun = Begun(false);
        while let Some(closer) = open.last().copied() {
            if !self.goes_on(closer, &mut begun)? {
                open.pop();
                begun = Begun(true);
                continue;
            }
            if closer == b'}' {
                self.pass_name()?;
            }
            if let Some(closer) = self.pass_or_open()? {
                open.push(closer);
                deepest = deepest.max(open.len());
                begun = Begun(false);
            }
        }
        Ok(deepest)
    }

    fn pass_name(&mut self) -> Result<(), Broken> {
        self.blank();
        self.expect(b'"')?;
        self.pass_string()?;
        self.colon()
    }

    /// Passes a value; what ends it, where it is a list or an object that has only begun.
    fn pass_or_open(&mut self) -> Result<Option<u8>, Broken> {
        self.blank();
        if self.takes(b'"') {
            return self.pass_string().map(|()| None);
        }
        Ok(match self.value()? {
            Value::List => Some(b']'),
            Value::Object => Some(b'}'),
            _ => None,
        })
    }

    /// Whether something follows before what closes this; if so the comma has been read.
    #[inline(always)]
    fn goes_on(&mut self, closer: u8, begun: &mut Begun) -> Result<bool, Broken> {
        self.blank();
        if self.takes(closer) {
            return Ok(false);
        }
        if begun.0 {
            self.expect(b',')?;
        }
        begun.0 = true;
        Ok(true)
    }

    #[inline(always)]
    fn colon(&mut self) -> Result<(), Broken> {
        self.blank();
        self.expect(b':')
    }

    /// A number, behind its sign: [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259#section-6).
    fn number(&mut self) -> Result<(), Broken> {
        if !self.takes(b'0') {
            self.digits()?;
        }
        if self.takes(b'.') {
            self.digits()?;
        }
        if self.takes(b'e') || self.takes(b'E') {
            let _ = self.takes(b'+') || self.takes(b'-');
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Broken> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start { Err(Broken(self.at)) } else { Ok(()) }
    }

    fn word(&mut self, rest: &str) -> Result<(), Broken> {
        rest.bytes().try_for_each(|byte| self.expect(byte))
    }

    /// Mostly there is none, which has to cost next to nothing.
    #[inline(always)]
    fn blank(&mut self) {
        if let Some(..=b' ') = self.peek() {
            self.pass_blanks();
        }
    }

    fn pass_blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn next(&mut self) -> Option<u8> {
        let byte = self.peek();
        self.at += 1;
        byte
    }

    /// Whether this byte stands here; if so it is read.
    #[inline(always)]
    pub(super) fn takes(&mut self, byte: u8) -> bool {
        let is_here = self.peek() == Some(byte);
        self.at += usize::from(is_here);
        is_here
    }

    #[inline(always)]
    pub(super) fn expect(&mut self, byte: u8) -> Result<(), Broken> {
        if self.takes(byte) { Ok(()) } else { Err(Broken(self.at)) }
    }

    /// Characters that stand for themselves in a string, as far as they go.
    #[inline(always)]
    pub(super) fn run(&mut self) -> &'a str {
        let start = self.at;
        self.at += run::length(self.text.as_bytes().get(start..).unwrap_or_default());
        self.text.get(start..self.at).unwrap_or_default()
    }

    pub(super) const fn offset(&self) -> usize {
        self.at
    }

    pub(super) const fn go_back(&mut self, offset: usize) {
        self.at = offset;
    }

    /// What to say of the byte that was read last.
    pub(super) const fn broken_before(&self) -> Broken {
        Broken(self.at.saturating_sub(1))
    }
}
