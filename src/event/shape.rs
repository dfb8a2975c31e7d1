//! Reading a value of one shape without giving up when it has another.
//!
//! serde's own `Deserialize` ends at the first mismatch. Here every visitor takes every kind of
//! value: the shape it was made for, or anything else, which it reads to its end and reports, so
//! that the check goes on behind it.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::check::Check;
use super::fault::Kind;
use super::pointer::Place;

/// What a value should be, and what to make of it. A method answers `None` where the value is
/// faulty; what is wrong is then among the findings of the check.
pub(super) trait Shape<'de>: Sized {
    type Value;

    /// The kind of value that this shape takes.
    const EXPECTED: Kind;

    fn string(self, _text: Cow<'de, str>, check: &mut Check<'_>, place: Place) -> Option<Self::Value> {
        self.mismatch(Kind::String, check, place)
    }

    fn boolean(self, _value: bool, check: &mut Check<'_>, place: Place) -> Option<Self::Value> {
        self.mismatch(Kind::Boolean, check, place)
    }

    fn list<A: SeqAccess<'de>>(
        self,
        list: A,
        check: &mut Check<'_>,
        place: Place,
    ) -> Result<Option<Self::Value>, A::Error> {
        skip_list(list, check, place)?;
        Ok(self.mismatch(Kind::List, check, place))
    }

    fn object<A: MapAccess<'de>>(
        self,
        object: A,
        check: &mut Check<'_>,
        place: Place,
    ) -> Result<Option<Self::Value>, A::Error> {
        skip_object(object, check, place)?;
        Ok(self.mismatch(Kind::Object, check, place))
    }

    fn mismatch(self, found: Kind, check: &mut Check<'_>, place: Place) -> Option<Self::Value> {
        check.wrong_type(place, Self::EXPECTED, found);
        None
    }
}

/// Reads one value of a shape, at its place.
pub(super) struct Read<'c, 'p, S> {
    pub(super) check: &'c mut Check<'p>,
    pub(super) place: Place,
    pub(super) shape: S,
}

impl<'de, S: Shape<'de>> DeserializeSeed<'de> for Read<'_, '_, S> {
    type Value = Option<S::Value>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Self::Value, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de, S: Shape<'de>> Read<'_, '_, S> {
    fn mismatch<R>(self, found: Kind) -> Result<Option<S::Value>, R> {
        Ok(self.shape.mismatch(found, self.check, self.place))
    }
}

impl<'de, S: Shape<'de>> Visitor<'de> for Read<'_, '_, S> {
    type Value = Option<S::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_bool<R: Error>(self, value: bool) -> Result<Self::Value, R> {
        Ok(self.shape.boolean(value, self.check, self.place))
    }

    fn visit_i64<R: Error>(self, _: i64) -> Result<Self::Value, R> {
        self.mismatch(Kind::Number)
    }

    fn visit_u64<R: Error>(self, _: u64) -> Result<Self::Value, R> {
        self.mismatch(Kind::Number)
    }

    fn visit_f64<R: Error>(self, _: f64) -> Result<Self::Value, R> {
        self.mismatch(Kind::Number)
    }

    fn visit_borrowed_str<R: Error>(self, text: &'de str) -> Result<Self::Value, R> {
        Ok(self.shape.string(Cow::Borrowed(text), self.check, self.place))
    }

    fn visit_str<R: Error>(self, text: &str) -> Result<Self::Value, R> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<R: Error>(self, text: String) -> Result<Self::Value, R> {
        Ok(self.shape.string(Cow::Owned(text), self.check, self.place))
    }

    fn visit_unit<R: Error>(self) -> Result<Self::Value, R> {
        self.mismatch(Kind::Null)
    }

    fn visit_bytes<R: Error>(self, _: &[u8]) -> Result<Self::Value, R> {
        self.mismatch(Kind::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        self.shape.list(list, self.check, self.place)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Self::Value, A::Error> {
        self.shape.object(object, self.check, self.place)
    }
}

/// A value of no interest: whatever it is, it is read to its end.
pub(super) struct Anything;

impl<'de> Shape<'de> for Anything {
    type Value = ();

    const EXPECTED: Kind = Kind::Other;

    fn mismatch(self, _: Kind, _: &mut Check<'_>, _: Place) -> Option<()> {
        Some(())
    }
}

/// Reads a list to its end, level by level as deep as allowed; what is below is passed over
/// without recursion, so that no input can exhaust the stack.
pub(super) fn skip_list<'de, A: SeqAccess<'de>>(
    mut list: A,
    check: &mut Check<'_>,
    place: Place,
) -> Result<(), A::Error> {
    if check.descend(place) {
        while list.next_element_seed(Read { check: &mut *check, place, shape: Anything })?.is_some() {}
        check.ascend();
    } else {
        while list.next_element::<IgnoredAny>()?.is_some() {}
    }
    Ok(())
}

/// [`skip_list`] for an object.
pub(super) fn skip_object<'de, A: MapAccess<'de>>(
    mut object: A,
    check: &mut Check<'_>,
    place: Place,
) -> Result<(), A::Error> {
    if check.descend(place) {
        while object.next_key::<IgnoredAny>()?.is_some() {
            object.next_value_seed(Read { check: &mut *check, place, shape: Anything })?;
        }
        check.ascend();
    } else {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    }
    Ok(())
}

/// The name of a member, borrowed where the source can lend it.
pub(super) struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Self::Value, D::Error> {
        source.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_borrowed_str<R: Error>(self, name: &'de str) -> Result<Self::Value, R> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<R: Error>(self, name: &str) -> Result<Self::Value, R> {
        Ok(Cow::Owned(name.to_owned()))
    }
}
