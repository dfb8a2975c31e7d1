//! The members of a JSON object that a caller wrote, and all that is wrong with them.

use std::borrow::Cow;

use crate::event::{Fault, Issue, Issues, Kind, Place, Rejected, meant};
use crate::json::{self, Broken, Member, Value};
use crate::limits::Limits;

/// The members that an object may have.
pub(super) struct Names {
    known: &'static [&'static str],
    is: fn(&str, &str) -> bool,
}

impl Names {
    pub(super) const fn exactly(known: &'static [&'static str]) -> Self {
        Self { known, is: |known, name| known == name }
    }

    /// As headers are named.
    pub(super) const fn in_any_case(known: &'static [&'static str]) -> Self {
        Self { known, is: str::eq_ignore_ascii_case }
    }

    fn find(&self, name: &str) -> Option<&'static str> {
        self.known.iter().find(|known| (self.is)(known, name)).copied()
    }
}

/// A member that an object may have, and its value as it was written.
pub(super) type Known<'a> = (&'static str, &'a str);

/// The value of the member with this name.
pub(super) fn find<'a>(members: &[Known<'a>], name: &str) -> Option<&'a str> {
    members.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

/// Goes through what a caller wrote; never stops at the first fault.
pub(super) struct Reader {
    issues: Issues,
}

impl Reader {
    pub(super) const fn new(limits: &Limits) -> Self {
        Self { issues: Issues::new(limits) }
    }

    /// The members of an object that is the whole body.
    pub(super) fn whole<'a>(&mut self, body: &'a [u8], names: &Names) -> Result<Vec<Known<'a>>, Rejected> {
        let members = json::whole(body).map_err(Rejected::whole)?;
        Ok(self.known("", members, names))
    }

    /// The members of an object, as far as this is one; `at` is its pointer.
    pub(super) fn object<'a>(&mut self, at: &str, value: &'a str, names: &Names) -> Vec<Known<'a>> {
        let mut source = json::Reader::new(value);
        let members = match source.value() {
            Ok(Value::Object) => json::members(&mut source).ok(),
            other => {
                let fault = Fault::WrongType { expected: Kind::Object, found: kind(&other) };
                self.fault(at.to_owned(), fault)
            }
        };
        self.known(at, members.unwrap_or_default(), names)
    }

    /// Those that are known, each once; the others are noted.
    fn known<'a>(&mut self, at: &str, members: Vec<Member<'a>>, names: &Names) -> Vec<Known<'a>> {
        let mut taken: Vec<Known<'a>> = Vec::new();
        let known = names.known;
        for (name, value) in members {
            let issue = |fault| Issue::new(format!("{at}{}", Place::Event.unknown(&name)), fault);
            match names.find(&name) {
                None => self.issues.note(|| issue(Fault::Unknown { meant: meant(&name, known), known })),
                Some(known) if find(&taken, known).is_some() => self.issues.note(|| issue(Fault::Duplicate)),
                Some(known) => taken.push((known, value)),
            }
        }
        taken
    }

    pub(super) fn text<'v>(&mut self, pointer: &str, value: &'v str) -> Option<Cow<'v, str>> {
        let fault = match json::Reader::new(value).value() {
            Ok(Value::String(text)) if text.half.is_none() => return Some(text.text),
            Ok(Value::String(_)) => Fault::LoneSurrogate { place: None },
            other => Fault::WrongType { expected: Kind::String, found: kind(&other) },
        };
        self.fault(pointer.to_owned(), fault)
    }

    /// A text for which this holds.
    pub(super) fn text_that<'v>(
        &mut self,
        pointer: &str,
        value: &'v str,
        holds: fn(&str) -> bool,
        expected: &'static str,
    ) -> Option<Cow<'v, str>> {
        let text = self.text(pointer, value)?;
        if holds(&text) { Some(text) } else { self.fault(pointer.to_owned(), Fault::Unexpected { expected }) }
    }

    pub(super) fn note(&mut self, pointer: String, fault: Fault) {
        self.issues.note(|| Issue::new(pointer, fault));
    }

    /// Notes a fault, of which there is no value.
    pub(super) fn fault<T>(&mut self, pointer: String, fault: Fault) -> Option<T> {
        self.note(pointer, fault);
        None
    }

    /// What was read, where nothing is wrong with it.
    pub(super) fn conclude<T>(self, read: Option<T>) -> Result<T, Rejected> {
        let read = read.filter(|_| self.issues.is_empty());
        read.ok_or_else(|| self.issues.reject(Vec::new()))
    }
}

/// Of what kind something is that was read.
pub(super) fn kind(value: &Result<Value<'_>, Broken>) -> Kind {
    value.as_ref().map_or(Kind::Other, Kind::of)
}
