//! What can be wrong with an event, and where.
//!
//! A fault never repeats what the customer wrote: its text is made of our own words, numbers and
//! the names that the API knows.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct};

use crate::json::Value;
use crate::say::Say;

/// The kind of a JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are JSON's own")]
pub enum Kind {
    Null,
    Boolean,
    Number,
    String,
    List,
    Object,
    /// A JavaScript value that JSON has no word for: a function, a symbol, a set.
    Other,
}

impl Kind {
    pub(crate) const fn of(value: &Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Boolean(_) => Self::Boolean,
            Value::Number => Self::Number,
            Value::String(_) => Self::String,
            Value::List => Self::List,
            Value::Object => Self::Object,
            Value::Other => Self::Other,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::List => "a list",
            Self::Object => "an object",
            Self::Other => "a value that JSON can't hold",
        }
    }
}

/// What is wrong at one place.
///
/// [`Fault::code`] is stable; the text of `Display` says what was expected and how to mend it, and
/// may get better from release to release.
///
/// ```
/// use ticketwire::event::Fault;
///
/// let fault = Fault::TooLong { max_bytes: 4, bytes: 5 };
/// assert_eq!(fault.code(), "too-long");
/// assert_eq!(fault.to_string(), "expected at most 4 bytes of UTF-8, found 5; shorten it");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "fields are named by what they count, in the unit of their name")]
pub enum Fault {
    /// The body has more bytes than we take.
    BodyTooLarge { max_bytes: usize },
    /// The body is empty.
    NoBody,
    /// The body is not UTF-8; JSON must be.
    NotUtf8 { line: usize, column: usize },
    /// The body is not JSON.
    NotJson { line: usize, column: usize },
    /// Half of a UTF-16 surrogate pair stands alone: no UTF-8 text can hold it. The place is line
    /// and column, where the source has them.
    LoneSurrogate { place: Option<(usize, usize)> },
    /// A value has another type than the API takes.
    WrongType { expected: Kind, found: Kind },
    /// `metaData` is written as `{"name": "value"}`, as one of the vendor's guides has it.
    MapInsteadOfList,
    /// A required member is missing.
    Missing { expected: &'static str },
    /// A member that the API does not know.
    Unknown { meant: Option<&'static str>, known: &'static [&'static str] },
    /// A member stands twice in one object.
    Duplicate,
    /// A text that may not be empty is.
    Empty,
    /// A text has more bytes than we take.
    TooLong { max_bytes: usize, bytes: usize },
    /// More variables than we take.
    TooMany { max_variables: usize },
    /// A text holds U+0000.
    Nul,
    /// An identifier holds a control character.
    Control,
    /// A value for a header holds something else than visible ASCII.
    NotHeaderSafe,
    /// A value is none of those that are taken.
    Unexpected { expected: &'static str },
    /// A value is nested deeper than we follow.
    TooDeep { max_levels: usize },
}

impl Fault {
    /// Every code, for documentation and tests.
    pub const CODES: &'static [&'static str] = &[
        "body-too-large",
        "no-body",
        "not-utf8",
        "not-json",
        "lone-surrogate",
        "wrong-type",
        "map-instead-of-list",
        "missing-member",
        "unknown-member",
        "duplicate-member",
        "empty",
        "too-long",
        "too-many-variables",
        "nul-character",
        "control-character",
        "not-header-safe",
        "unexpected-value",
        "too-deep",
    ];

    /// The stable name of this fault.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BodyTooLarge { .. } => "body-too-large",
            Self::NoBody => "no-body",
            Self::NotUtf8 { .. } => "not-utf8",
            Self::NotJson { .. } => "not-json",
            Self::LoneSurrogate { .. } => "lone-surrogate",
            Self::WrongType { .. } => "wrong-type",
            Self::MapInsteadOfList => "map-instead-of-list",
            Self::Missing { .. } => "missing-member",
            Self::Unknown { .. } => "unknown-member",
            Self::Duplicate => "duplicate-member",
            Self::Empty => "empty",
            Self::TooLong { .. } => "too-long",
            Self::TooMany { .. } => "too-many-variables",
            Self::Nul => "nul-character",
            Self::Control => "control-character",
            Self::NotHeaderSafe => "not-header-safe",
            Self::Unexpected { .. } => "unexpected-value",
            Self::TooDeep { .. } => "too-deep",
        }
    }
}

impl Fault {
    /// Says it. By hand: what `write!` drags along would be a tenth of the npm package.
    pub(crate) fn say(&self, out: &mut String) {
        match self {
            Self::BodyTooLarge { max_bytes } => {
                out.words(&["the body is larger than "]).number(*max_bytes);
                out.push_str(" bytes; send less, or raise the limit");
            }
            Self::NoBody => out.push_str("the body is empty; send a JSON object"),
            Self::NotUtf8 { line, column } => {
                out.words(&["not UTF-8 at line "]).number(*line).words(&[", byte "]).number(*column);
                out.push_str("; JSON is sent in UTF-8");
            }
            Self::NotJson { line, column } => {
                out.words(&["not JSON at line "]).number(*line).words(&[", column "]).number(*column);
                out.push_str("; let a JSON library write the body");
            }
            Self::LoneSurrogate { place } => {
                out.push_str("half of a surrogate pair");
                if let Some((line, column)) = place {
                    out.words(&[" near line "]).number(*line).words(&[", column "]).number(*column);
                }
                out.push_str("; cut texts between characters, not inside one");
            }
            Self::WrongType { expected, found } => wrong_type(out, *expected, *found),
            Self::MapInsteadOfList => out.push_str(
                "expected a list, found an object; write each variable as {\"key\": \"…\", \"value\": \"…\"} inside [ ]",
            ),
            Self::Missing { expected } => {
                out.words(&["required and missing: ", expected]);
            }
            Self::Unknown { meant: Some(name), .. } => {
                out.words(&["the API does not know this member; did you mean `", name, "`?"]);
            }
            Self::Unknown { meant: None, known } => {
                out.push_str("the API does not know this member; it knows ");
                names(out, known);
            }
            Self::Duplicate => out.push_str("this member stands twice; keep one"),
            Self::Empty => out.push_str("expected at least one character, found none"),
            Self::TooLong { max_bytes, bytes } => {
                out.words(&["expected at most "]).number(*max_bytes).words(&[" bytes of UTF-8, found "]);
                out.number(*bytes).push_str("; shorten it");
            }
            Self::TooMany { max_variables } => {
                out.words(&["expected at most "]).number(*max_variables);
                out.push_str(" variables; leave some out");
            }
            Self::Nul => out.push_str("holds the character U+0000; remove it"),
            Self::Control => out.push_str("holds a control character; remove it"),
            Self::NotHeaderSafe => out.push_str("expected visible ASCII characters without spaces"),
            Self::Unexpected { expected } => {
                out.words(&["expected ", expected]);
            }
            Self::TooDeep { max_levels } => {
                out.words(&["nested deeper than "]).number(*max_levels);
                out.push_str(" levels; an event has three");
            }
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut said = String::new();
        self.say(&mut said);
        f.write_str(&said)
    }
}

impl std::error::Error for Fault {}

fn wrong_type(out: &mut String, expected: Kind, found: Kind) {
    out.words(&["expected ", expected.name(), ", found ", found.name()]);
    out.push_str(match (expected, found) {
        (Kind::String, Kind::Number | Kind::Boolean) => "; write it in quotes",
        (Kind::Boolean, Kind::String) => "; write true or false without quotes",
        (_, Kind::Null) => "; give a value or leave the member out",
        (Kind::List, Kind::String) => "; write the variables as a list, not as text",
        _ => "",
    });
}

fn names(out: &mut String, names: &[&str]) {
    for (index, name) in names.iter().enumerate() {
        let glue = if index == 0 { "`" } else { ", `" };
        out.words(&[glue, name, "`"]);
    }
}

/// A [`Fault`] and where it is. Errors block: an event with an issue is not sent.
///
/// Serialized as `{"pointer", "code", "detail"}`, the shape of an entry of `errors` in the
/// relay's answers and of an issue in the client.
///
/// ```
/// use ticketwire::event::{Policy, check_json};
///
/// let rejected = check_json(br#"{"platformConversationId": 7}"#, &Policy::default()).unwrap_err();
/// assert_eq!(
///     serde_json::to_string(&rejected.issues()[0]).unwrap(),
///     r#"{"pointer":"/platformConversationId","code":"wrong-type","detail":"expected a string, found a number; write it in quotes"}"#
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    pointer: String,
    fault: Fault,
}

impl Issue {
    pub(crate) const fn new(pointer: String, fault: Fault) -> Self {
        Self { pointer, fault }
    }

    /// Where: a JSON pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)) into what was
    /// checked; for a missing member, the place where it belongs. Empty: the whole.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// What is wrong.
    pub const fn fault(&self) -> &Fault {
        &self.fault
    }

    /// The stable name of what is wrong.
    pub const fn code(&self) -> &'static str {
        self.fault.code()
    }
}

impl Serialize for Issue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        finding(serializer, &self.pointer, self.code(), &self.fault)
    }
}

/// The one shape of issues and warnings on every wire.
pub(super) fn finding<S: Serializer>(
    serializer: S,
    pointer: &str,
    code: &str,
    detail: &impl fmt::Display,
) -> Result<S::Ok, S::Error> {
    let mut entry = serializer.serialize_struct("Finding", 3)?;
    entry.serialize_field("pointer", pointer)?;
    entry.serialize_field("code", code)?;
    entry.serialize_field("detail", &detail.to_string())?;
    entry.end()
}
