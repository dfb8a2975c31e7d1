//! What the API takes, as shapes: the event, its list of variables, a variable, their values.

use std::borrow::Cow;

use serde::de::{MapAccess, SeqAccess};

use super::check::Check;
use super::fault::{Fault, Kind};
use super::findings::Draft;
use super::member;
use super::pointer::Place;
use super::shape::{Name, Read, Shape, skip_object};
use super::text::{ConversationId, MetaKey, MetaValue, Platform, Text};
use super::ticket_event::Variable;
use crate::limits::Limits;

/// The event: the outermost object.
pub(super) struct EventShape;

impl<'de> Shape<'de> for EventShape {
    type Value = Draft<'de>;

    const EXPECTED: Kind = Kind::Object;

    fn object<A: MapAccess<'de>>(
        self,
        mut object: A,
        check: &mut Check<'_>,
        place: Place,
    ) -> Result<Option<Draft<'de>>, A::Error> {
        let (mut id, mut text, mut platform, mut variables) = (None, None, None, None);
        while let Some(name) = object.next_key_seed(Name)? {
            let object = &mut object;
            match name.as_ref() {
                "platformConversationId" => {
                    check.member(
                        object,
                        place.known("platformConversationId"),
                        &mut id,
                        Words(ConversationId::admit),
                    )?;
                }
                "text" => check.member(object, place.known("text"), &mut text, Words(Text::admit))?,
                "platform" => {
                    check.member(object, place.known("platform"), &mut platform, Words(Platform::admit))?
                }
                "metaData" => check.member(object, place.known("metaData"), &mut variables, VariableList)?,
                other => check.unknown(object, place, other, member::EVENT)?,
            }
        }
        check.required(&id, place.known("platformConversationId"), "a string that names the conversation");
        if platform.is_none() && check.fills_in_platform() {
            platform = Some(Some(Platform::PUBLIC_API));
        }
        check.required(&platform, place.known("platform"), "a string; a custom CRM sends \"PUBLIC_API\"");
        Ok(Some(Draft {
            conversation_id: id.flatten(),
            text: text.flatten(),
            platform: platform.flatten(),
            variables: variables.flatten().unwrap_or_default(),
        }))
    }
}

/// `metaData`.
struct VariableList;

impl<'de> Shape<'de> for VariableList {
    type Value = Vec<Variable<'de>>;

    const EXPECTED: Kind = Kind::List;

    fn list<A: SeqAccess<'de>>(
        self,
        mut list: A,
        check: &mut Check<'_>,
        _: Place,
    ) -> Result<Option<Self::Value>, A::Error> {
        let mut kept = Vec::new();
        for index in 0.. {
            let place = Place::Variable(index);
            let read =
                list.next_element_seed(Read { check: &mut *check, place, shape: VariableShape }).transpose();
            let Some(read) = read else { break };
            check.findings.count_variable(index);
            if let Some(variable) = check.or_other(read, place, Kind::Object)? {
                check.findings.keep(index, variable, &mut kept);
            }
        }
        Ok(Some(kept))
    }

    fn object<A: MapAccess<'de>>(
        self,
        object: A,
        check: &mut Check<'_>,
        place: Place,
    ) -> Result<Option<Self::Value>, A::Error> {
        skip_object(object, check, place)?;
        check.findings.fault(place, Fault::MapInsteadOfList);
        Ok(None)
    }
}

/// An entry of `metaData`.
struct VariableShape;

impl<'de> Shape<'de> for VariableShape {
    type Value = Variable<'de>;

    const EXPECTED: Kind = Kind::Object;

    fn object<A: MapAccess<'de>>(
        self,
        mut object: A,
        check: &mut Check<'_>,
        place: Place,
    ) -> Result<Option<Variable<'de>>, A::Error> {
        let (mut key, mut value, mut sanitize) = (None, None, None);
        while let Some(name) = object.next_key_seed(Name)? {
            let object = &mut object;
            match name.as_ref() {
                "key" => check.member(object, place.known("key"), &mut key, Words(MetaKey::admit))?,
                "value" => check.member(object, place.known("value"), &mut value, Words(MetaValue::admit))?,
                "sanitize" => check.member(object, place.known("sanitize"), &mut sanitize, Flag)?,
                other => check.unknown(object, place, other, member::VARIABLE)?,
            }
        }
        check.required(&key, place.known("key"), "a string that names the variable");
        check.required(&value, place.known("value"), "a string; the API takes no other type");
        let sanitize = sanitize.flatten();
        let parts = key.flatten().zip(value.flatten());
        Ok(parts.map(|(key, value)| Variable { key, value, sanitize }))
    }
}

/// A text that passes this door.
struct Words<'de, T>(Door<'de, T>);

type Door<'de, T> = fn(Cow<'de, str>, &Limits) -> Result<T, Fault>;

impl<'de, T> Shape<'de> for Words<'de, T> {
    type Value = T;

    const EXPECTED: Kind = Kind::String;

    fn string(self, text: Cow<'de, str>, check: &mut Check<'_>, place: Place) -> Option<T> {
        let value = (self.0)(text, check.findings.limits());
        check.findings.take(place, value)
    }
}

/// `true` or `false`.
struct Flag;

impl Shape<'_> for Flag {
    type Value = bool;

    const EXPECTED: Kind = Kind::Boolean;

    fn boolean(self, value: bool, _: &mut Check<'_>, _: Place) -> Option<bool> {
        Some(value)
    }
}
