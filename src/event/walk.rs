//! The walk through a value that should be an event: what is wrong is noted, and the walk goes on behind
//! it.

use std::borrow::Cow;

use super::check::{Policy, UnknownMembers};
use super::fault::{Fault, Issue, Kind};
use super::findings::{Draft, Findings};
use super::member;
use super::pointer::Place;
use super::schema::{EVENT, Schema, Shape, VARIABLE};
use super::text::{ConversationId, MetaKey, MetaValue, Platform, Rules, Text};
use super::ticket_event::Variable;
use crate::json::{self, Begun, Broken, Decoded, Reader, Value};

/// A check under way.
pub(super) struct Walk<'a, 'p> {
    pub(super) reader: Reader<'a>,
    /// All of what is read.
    pub(super) text: &'a str,
    pub(super) policy: &'p Policy,
    pub(super) findings: Findings<'p>,
    pub(super) verbatim: bool,
}

/// A member, as it was found.
#[derive(Default)]
enum Found<'a> {
    /// Not at all.
    #[default]
    Nowhere,
    /// With something wrong, which is among the findings.
    Faulty,
    Text(Cow<'a, str>),
    Flag(bool),
    Variables(Vec<Variable<'a>>),
}

impl<'a> Found<'a> {
    fn text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl<'a> Walk<'a, '_> {
    /// The event: all there is.
    pub(super) fn whole(&mut self) -> Result<Draft<'a>, Broken> {
        let draft = match self.reader.value()? {
            Value::Object => self.event()?,
            other => {
                self.mismatch(Place::Event, Kind::Object, &other)?;
                Draft::default()
            }
        };
        self.reader.end()?;
        Ok(draft)
    }

    fn event(&mut self) -> Result<Draft<'a>, Broken> {
        let mut found = [const { Found::Nowhere }; 4];
        self.members(Place::Event, EVENT, &mut found)?;
        if let [_, _, platform @ Found::Nowhere, _] = &mut found
            && self.policy.fill_in_platform
        {
            self.verbatim = false;
            *platform = Found::Text(Cow::Borrowed(super::PUBLIC_API));
        }
        self.require(Place::Event, EVENT, &found);
        let [id, text, platform, variables] = found;
        Ok(Draft {
            conversation_id: id.text().map(ConversationId::checked),
            text: text.text().map(Text::checked),
            platform: platform.text().map(Platform::checked),
            variables: if let Found::Variables(variables) = variables { variables } else { Vec::new() },
        })
    }

    /// An entry of `metaData`.
    fn variable(&mut self, place: Place) -> Result<Option<Variable<'a>>, Broken> {
        let value = self.reader.value()?;
        if value != Value::Object {
            self.mismatch(place, Kind::Object, &value)?;
            return Ok(None);
        }
        let mut found = [const { Found::Nowhere }; 3];
        self.members(place, VARIABLE, &mut found)?;
        self.require(place, VARIABLE, &found);
        let [key, value, sanitize] = found;
        let sanitize = if let Found::Flag(flag) = sanitize { Some(flag) } else { None };
        let parts = key.text().zip(value.text());
        Ok(parts.map(|(key, value)| Variable {
            key: MetaKey::checked(key),
            value: MetaValue::checked(value),
            sanitize,
        }))
    }

    /// The members of an object that has begun, each into the slot that stands where its name stands
    /// among those that are known.
    fn members(&mut self, place: Place, schema: Schema, found: &mut [Found<'a>]) -> Result<(), Broken> {
        let mut begun = Begun::default();
        while let Some(name) = self.reader.name(&mut begun)? {
            match schema.members.iter().zip(found.iter_mut()).find(|(member, _)| member.name == name.text) {
                None => self.unknown(place, &name.text, schema)?,
                Some((member, slot)) => {
                    let place = place.known(member.name);
                    if matches!(slot, Found::Nowhere) {
                        *slot = self.member(place, member.shape)?;
                    } else {
                        self.findings.fault(place, Fault::Duplicate);
                        self.pass_next(place)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn member(&mut self, place: Place, shape: Shape) -> Result<Found<'a>, Broken> {
        match (shape, self.reader.value()?) {
            (Shape::Text(rules), Value::String(text)) => Ok(self.words(place, rules, text)),
            (Shape::Flag, Value::Boolean(flag)) => Ok(Found::Flag(flag)),
            (Shape::Variables, Value::List) => self.variables(),
            (Shape::Variables, object @ Value::Object) => {
                self.pass(place, &object)?;
                self.findings.fault(place, Fault::MapInsteadOfList);
                Ok(Found::Faulty)
            }
            (shape, other) => self.mismatch(place, shape.kind(), &other),
        }
    }

    fn words(&mut self, place: Place, rules: &Rules, text: Decoded<'a>) -> Found<'a> {
        match (text.half, rules.check(&text.text, self.findings.limits())) {
            (None, Ok(())) => return Found::Text(text.text),
            (None, Err(fault)) => self.findings.fault(place, fault),
            (Some(offset), _) => {
                let fault =
                    || Fault::LoneSurrogate { place: line_and_column(&self.reader, self.text, offset) };
                self.findings.note(|| Issue::new(place.pointer(), fault()));
            }
        }
        Found::Faulty
    }

    fn variables(&mut self) -> Result<Found<'a>, Broken> {
        let mut kept = Vec::new();
        let mut begun = Begun::default();
        let mut index = 0;
        while self.reader.entry(&mut begun)? {
            let variable = self.variable(Place::Variable(index))?;
            self.findings.count_variable(index);
            if let Some(variable) = variable {
                self.findings.keep(index, variable, &mut kept);
            }
            index += 1;
        }
        Ok(Found::Variables(kept))
    }

    /// Reports what is needed and nowhere.
    fn require(&mut self, place: Place, schema: Schema, found: &[Found<'_>]) {
        for (member, found) in schema.members.iter().zip(found) {
            if let (Some(expected), Found::Nowhere) = (member.needed, found) {
                self.findings.fault(place.known(member.name), Fault::Missing { expected });
            }
        }
    }

    /// Reads past the value of a member that the API does not know.
    fn unknown(&mut self, place: Place, name: &str, schema: Schema) -> Result<(), Broken> {
        match self.policy.unknown_members {
            UnknownMembers::Drop => self.verbatim = false,
            UnknownMembers::Refuse => {
                let known = schema.names;
                let fault = || Fault::Unknown { meant: member::meant(name, known), known };
                self.findings.note(|| Issue::new(place.unknown(name), fault()));
            }
        }
        self.pass_next(place)
    }

    fn pass_next(&mut self, place: Place) -> Result<(), Broken> {
        let value = self.reader.value()?;
        self.pass(place, &value)
    }

    /// Reads past what is left of a value of no interest.
    fn pass(&mut self, place: Place, value: &Value<'_>) -> Result<(), Broken> {
        let max_levels = self.findings.limits().max_nesting;
        if self.reader.pass(value)? > max_levels {
            self.findings.fault(place, Fault::TooDeep { max_levels });
        }
        Ok(())
    }

    /// Reports a value of another kind than is expected, and reads past it.
    fn mismatch(&mut self, place: Place, expected: Kind, value: &Value<'_>) -> Result<Found<'a>, Broken> {
        self.pass(place, value)?;
        self.findings.fault(place, Fault::WrongType { expected, found: Kind::of(value) });
        Ok(Found::Faulty)
    }
}

/// Where this is, in a text that somebody has written.
fn line_and_column(reader: &Reader<'_>, text: &str, offset: usize) -> Option<(usize, usize)> {
    (!reader.is_of_value()).then(|| json::place(text.as_bytes(), offset))
}

impl Shape {
    const fn kind(self) -> Kind {
        match self {
            Self::Text(_) => Kind::String,
            Self::Flag => Kind::Boolean,
            Self::Variables => Kind::List,
        }
    }
}
