//! Writes the JSON Schemas that are shipped, from the rules that the checks go by.
//!
//! Shipped are files, so that anybody can read them; here are the tests that they say what the code
//! does. `tests/schemas.rs` holds them against the checks themselves.

use std::path::Path;
use std::{env, fs};

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::event::{Characters, Rules};
use crate::limits::Limits;

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// A JSON value whose members stand in the order in which they were given: people read these files.
pub(crate) enum Node {
    Plain(Value),
    Object(Vec<(&'static str, Self)>),
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Plain(value) => value.serialize(serializer),
            Self::Object(members) => serializer.collect_map(members.iter().map(|(name, node)| (name, node))),
        }
    }
}

impl<T: Into<Value>> From<T> for Node {
    fn from(value: T) -> Self {
        Self::Plain(value.into())
    }
}

/// An object of these members.
pub(crate) fn object<const N: usize>(members: [(&'static str, Node); N]) -> Node {
    Node::Object(members.into())
}

impl Node {
    /// The same with more members behind.
    pub(crate) fn with<const N: usize>(self, more: [(&'static str, Self); N]) -> Self {
        match self {
            Self::Object(mut members) => {
                members.extend(more);
                Self::Object(members)
            }
            plain => plain,
        }
    }
}

/// A schema to ship.
pub(crate) fn document(id: &'static str, title: &'static str, description: &'static str) -> Node {
    object([
        ("$schema", DRAFT.into()),
        ("$id", id.into()),
        ("title", title.into()),
        ("description", description.into()),
    ])
}

/// What the door of a text asks of it. Characters are counted where the door counts bytes: that is as
/// near as a schema comes.
pub(crate) fn text(kind: Node, description: &'static str, rules: &Rules) -> Node {
    let mut node = object([("description", description.into()), ("type", kind)]);
    if !rules.may_be_empty {
        node = node.with([("minLength", 1.into())]);
    }
    let max_length = (rules.max_bytes)(&Limits::default());
    node.with([("maxLength", max_length.into()), ("pattern", pattern(rules.characters).into())])
}

const fn pattern(characters: Characters) -> &'static str {
    match characters {
        Characters::Prose => r"^[^\u0000]*$",
        Characters::Name => r"^[^\u0000-\u001f\u007f-\u009f]*$",
        Characters::Header => r"^[!-~]*$",
    }
}

/// Fails unless the file below `src` says exactly this; writes it where `UPDATE` is set.
pub(crate) fn assert_shipped(file: &str, schema: &Node) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file);
    let expected = serde_json::to_string_pretty(schema).unwrap() + "\n";
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    let shipped = fs::read_to_string(&path).unwrap();
    assert!(
        shipped == expected,
        "src/{file} is not what the code says; to write it anew: UPDATE=1 cargo test --lib json_schema"
    );
}
