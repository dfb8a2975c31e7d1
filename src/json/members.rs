//! Parts of a value, as they were written.

use super::reader::{Begun, Broken, Reader, Value};
use crate::event::{Fault, Kind};

/// The name of a member, and its value as it was written.
pub(crate) type Member<'a> = (String, &'a str);

/// The members of an object that is the whole body, in their order, as often as they stand there.
///
/// # Errors
///
/// The [`Fault`] of the body.
pub(crate) fn whole(body: &[u8]) -> Result<Vec<Member<'_>>, Fault> {
    let text = super::text(body)?;
    read_whole(text).unwrap_or_else(|broken| Err(super::not_json(text, broken)))
}

fn read_whole(text: &str) -> Result<Result<Vec<Member<'_>>, Fault>, Broken> {
    let mut reader = Reader::new(text);
    let value = reader.value()?;
    let members = match value {
        Value::Object => Ok(members(&mut reader)?),
        other => {
            reader.pass(&other)?;
            Err(Fault::WrongType { expected: Kind::Object, found: Kind::of(&other) })
        }
    };
    reader.end().map(|()| members)
}

/// The members of an object that has begun, in their order, as often as they stand there.
pub(crate) fn members<'a>(reader: &mut Reader<'a>) -> Result<Vec<Member<'a>>, Broken> {
    let mut members = Vec::new();
    let mut begun = Begun::default();
    while let Some(name) = reader.name(&mut begun)? {
        members.push((name.text.into_owned(), reader.raw()?));
    }
    Ok(members)
}

/// The entries of a list that has begun.
pub(crate) fn items<'a>(reader: &mut Reader<'a>) -> Result<Vec<&'a str>, Broken> {
    let mut items = Vec::new();
    let mut begun = Begun::default();
    while reader.entry(&mut begun)? {
        items.push(reader.raw()?);
    }
    Ok(items)
}

/// The last member with this name: that one counts wherever JSON is read.
pub(crate) fn last<'a>(members: &[Member<'a>], name: &str) -> Option<&'a str> {
    members.iter().rfind(|(known, _)| known == name).map(|(_, value)| *value)
}

/// Takes the members with this name out; answers with the last.
pub(crate) fn take<'a>(members: &mut Vec<Member<'a>>, name: &str) -> Option<&'a str> {
    let last = last(members, name);
    members.retain(|(known, _)| known != name);
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_as_they_were_written() {
        let mut reader = Reader::new(r#" {"a" : [ 1, {"]": "}"} ] ,"\u0062":"\ud800","a":-0.5e+7} "#);
        assert_eq!(reader.value(), Ok(Value::Object));
        let found = members(&mut reader).unwrap();
        let expected = [("a", r#"[ 1, {"]": "}"} ]"#), ("b", r#""\ud800""#), ("a", "-0.5e+7")];
        assert_eq!(found, expected.map(|(name, value)| (name.to_owned(), value)));
        assert_eq!(reader.end(), Ok(()));

        let mut reader = Reader::new("[ [] ,{ }, null]");
        assert_eq!(reader.value(), Ok(Value::List));
        assert_eq!(items(&mut reader), Ok(vec!["[]", "{ }", "null"]));
    }
}
