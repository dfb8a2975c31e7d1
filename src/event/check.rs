//! The check of an event, over any serde source.

use serde::de::{DeserializeSeed, Deserializer, MapAccess};

use super::fault::{Fault, Kind};
use super::findings::{Findings, Rejected};
use super::member;
use super::pointer::Place;
use super::schema::EventShape;
use super::shape::{Anything, Read, Shape};
use super::ticket_event::TicketEvent;
use super::warning::Warning;
use crate::limits::Limits;

/// What to do with a member that the API does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnknownMembers {
    /// An issue, with the name that was probably meant.
    #[default]
    Refuse,
    /// Leave it out of the event.
    Drop,
}

/// How to check.
///
/// ```
/// use ticketwire::event::{Policy, UnknownMembers, check_json};
///
/// let body = br#"{"platformConversationId":"c","colour":"red"}"#;
/// assert!(check_json(body, &Policy::default()).is_err());
///
/// let lenient = Policy { unknown_members: UnknownMembers::Drop, ..Policy::default() };
/// let accepted = check_json(body, &lenient)?;
/// assert_eq!(accepted.event.to_json(), r#"{"platformConversationId":"c","platform":"PUBLIC_API"}"#);
/// # Ok::<(), ticketwire::event::Rejected>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// What is too large.
    pub limits: Limits,
    /// What to do with strange members.
    pub unknown_members: UnknownMembers,
    /// Fill in [`PUBLIC_API`](super::PUBLIC_API) where `platform` is missing; otherwise that is an
    /// issue, as it is for the API.
    pub fill_in_platform: bool,
    /// Whether the source can go on behind a value that it failed to read. A JavaScript object
    /// can, when a member holds a function; JSON bytes can't.
    pub source_survives_errors: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            unknown_members: UnknownMembers::Refuse,
            fill_in_platform: true,
            source_survives_errors: false,
        }
    }
}

/// An event that may be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted<'a> {
    /// The event.
    pub event: TicketEvent<'a>,
    /// What is worth a look all the same.
    pub warnings: Vec<Warning>,
    /// Whether what was checked is already exactly what the API takes: nothing was filled in and
    /// nothing left out, so its bytes can go as they came.
    pub verbatim: bool,
}

/// Checks an event from any serde source: JSON bytes, a JavaScript value.
///
/// ```
/// use ticketwire::event::{Policy, check};
///
/// let value = serde_json::json!({"platformConversationId": "case-1", "metadata": []});
/// let rejected = check(value, &Policy::default()).unwrap().unwrap_err();
/// let issue = &rejected.issues()[0];
/// assert_eq!((issue.pointer(), issue.code()), ("/metadata", "unknown-member"));
/// assert!(issue.fault().to_string().contains("did you mean `metaData`?"));
/// ```
///
/// # Errors
///
/// The source's own error, when it could not be read to its end; an event with issues is the
/// inner error.
pub fn check<'de, D: Deserializer<'de>>(
    source: D,
    policy: &Policy,
) -> Result<Result<Accepted<'de>, Rejected>, D::Error> {
    let mut check = Check { policy, findings: Findings::new(&policy.limits), verbatim: true, depth: 0 };
    let draft = Read { check: &mut check, place: Place::Event, shape: EventShape }.deserialize(source)?;
    let Check { findings, verbatim, .. } = check;
    let outcome = findings.conclude(draft.unwrap_or_default());
    Ok(outcome.map(|(event, warnings)| Accepted { event, warnings, verbatim }))
}

/// A check under way: what every shape shares.
pub(super) struct Check<'p> {
    policy: &'p Policy,
    pub(super) findings: Findings<'p>,
    verbatim: bool,
    /// Levels descended into a value of no interest.
    depth: usize,
}

/// A member while its object is read: not seen, seen but faulty, or good.
pub(super) type Seen<T> = Option<Option<T>>;

impl Check<'_> {
    /// Reads the value of a known member, or reports that the member stands here again.
    pub(super) fn member<'de, A: MapAccess<'de>, S: Shape<'de>>(
        &mut self,
        object: &mut A,
        place: Place,
        seen: &mut Seen<S::Value>,
        shape: S,
    ) -> Result<(), A::Error> {
        if seen.is_some() {
            self.findings.fault(place, Fault::Duplicate);
            return self.skip(object, place);
        }
        let read = object.next_value_seed(Read { check: self, place, shape });
        *seen = Some(self.or_other(read, place, S::EXPECTED)?);
        Ok(())
    }

    /// Reads past the value of a member that the API does not know.
    pub(super) fn unknown<'de, A: MapAccess<'de>>(
        &mut self,
        object: &mut A,
        place: Place,
        name: &str,
        known: &'static [&'static str],
    ) -> Result<(), A::Error> {
        match self.policy.unknown_members {
            UnknownMembers::Drop => self.verbatim = false,
            UnknownMembers::Refuse => {
                let fault = Fault::Unknown { meant: member::meant(name, known), known };
                self.findings.fault_at(place.unknown(name), fault);
            }
        }
        self.skip(object, place)
    }

    fn skip<'de, A: MapAccess<'de>>(&mut self, object: &mut A, place: Place) -> Result<(), A::Error> {
        match object.next_value_seed(Read { check: self, place, shape: Anything }) {
            Err(error) if !self.policy.source_survives_errors => Err(error),
            _ => Ok(()),
        }
    }

    /// Reports a member that was not seen.
    pub(super) fn required<T>(&mut self, seen: &Seen<T>, place: Place, expected: &'static str) {
        if seen.is_none() {
            self.findings.fault(place, Fault::Missing { expected });
        }
    }

    /// Whether a missing platform is filled in; if so the event no longer is what came.
    pub(super) const fn fills_in_platform(&mut self) -> bool {
        let fills_in = self.policy.fill_in_platform;
        self.verbatim &= !fills_in;
        fills_in
    }

    pub(super) fn wrong_type(&mut self, place: Place, expected: Kind, found: Kind) {
        self.findings.fault(place, Fault::WrongType { expected, found });
    }

    /// Goes down one level; `false`, once reported, where that is too deep.
    pub(super) fn descend(&mut self, place: Place) -> bool {
        // serde_json itself follows 127 levels.
        let max_levels = self.findings.limits().max_nesting.min(100);
        if self.depth == max_levels {
            self.findings.fault(place, Fault::TooDeep { max_levels });
            return false;
        }
        self.depth += 1;
        true
    }

    pub(super) const fn ascend(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// What was read; where the source holds a value that serde has no word for and can go on
    /// behind it, a note of that.
    pub(super) fn or_other<T, R>(
        &mut self,
        read: Result<Option<T>, R>,
        place: Place,
        expected: Kind,
    ) -> Result<Option<T>, R> {
        match read {
            Err(_) if self.policy.source_survives_errors => {
                self.depth = 0;
                self.wrong_type(place, expected, Kind::Other);
                Ok(None)
            }
            read => read,
        }
    }
}
