//! What a check has found so far, and the event it is putting together.

use std::fmt;

use super::fault::{Fault, Issue};
use super::issues::Issues;
use super::pointer::Place;
use super::text::{ConversationId, Platform, Text};
use super::ticket_event::{TicketEvent, Variable};
use super::warning::{self, Warning};
use crate::limits::Limits;

/// The parts of an event that have passed their doors.
#[derive(Default)]
pub(super) struct Draft<'a> {
    pub(super) conversation_id: Option<ConversationId<'a>>,
    pub(super) text: Option<Text<'a>>,
    pub(super) platform: Option<Platform<'a>>,
    pub(super) variables: Vec<Variable<'a>>,
}

impl<'a> Draft<'a> {
    fn finish(self) -> Option<TicketEvent<'a>> {
        Some(TicketEvent {
            platform_conversation_id: self.conversation_id?,
            text: self.text,
            platform: self.platform?,
            variables: self.variables,
        })
    }
}

/// Collects issues and warnings; never stops at the first.
pub(super) struct Findings<'l> {
    limits: &'l Limits,
    issues: Issues,
    warnings: Vec<Warning>,
}

impl<'l> Findings<'l> {
    pub(super) const fn new(limits: &'l Limits) -> Self {
        Self { limits, issues: Issues::new(limits), warnings: Vec::new() }
    }

    pub(super) const fn limits(&self) -> &'l Limits {
        self.limits
    }

    pub(super) fn fault(&mut self, place: Place, fault: Fault) {
        self.note(|| Issue::new(place.pointer(), fault));
    }

    /// Notes a fault that takes its time to be put into words.
    pub(super) fn note(&mut self, issue: impl FnOnce() -> Issue) {
        self.issues.note(issue);
    }

    /// The value, or a note of what is wrong with it.
    pub(super) fn take<T>(&mut self, place: Place, value: Result<T, Fault>) -> Option<T> {
        value.map_err(|fault| self.fault(place, fault)).ok()
    }

    /// Keeps a variable, with its warnings, while there is room; the first for which there is
    /// none is an issue.
    pub(super) fn keep<'a>(&mut self, index: usize, variable: Variable<'a>, kept: &mut Vec<Variable<'a>>) {
        if index < self.limits.max_variables {
            let room = self.limits.max_issues.saturating_sub(self.warnings.len());
            self.warnings.extend(warning::of_variable(index, &variable, kept).into_iter().take(room));
            kept.push(variable);
        }
    }

    /// Notes once that there are too many variables.
    pub(super) fn count_variable(&mut self, index: usize) {
        let max_variables = self.limits.max_variables;
        if index == max_variables {
            self.fault(Place::Member("metaData"), Fault::TooMany { max_variables });
        }
    }

    /// The event where nothing is wrong with it, with its warnings.
    pub(super) fn conclude<'a>(
        mut self,
        draft: Draft<'a>,
    ) -> Result<(TicketEvent<'a>, Vec<Warning>), Rejected> {
        self.warnings.extend(draft.platform.as_ref().and_then(warning::of_platform));
        match draft.finish() {
            Some(event) if self.issues.is_empty() => Ok((event, self.warnings)),
            _ => Err(self.issues.reject(self.warnings)),
        }
    }
}

/// What may not pass: an event or a reply, with every issue found and the warnings beside them.
///
/// ```
/// use ticketwire::event::{Policy, check_json};
///
/// let rejected = check_json(br#"{"text": 1, "metadata": []}"#, &Policy::default()).unwrap_err();
/// assert_eq!(rejected.to_string(), "found 3 issues");
/// assert_eq!(rejected.omitted(), 0);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    pub(super) issues: Vec<Issue>,
    pub(super) omitted: usize,
    pub(super) warnings: Vec<Warning>,
}

impl Rejected {
    /// One issue with the whole, when there is nothing to look into.
    pub(crate) fn whole(fault: Fault) -> Self {
        Self::from_issues(vec![Issue::new(String::new(), fault)])
    }

    pub(crate) const fn from_issues(issues: Vec<Issue>) -> Self {
        Self { issues, omitted: 0, warnings: Vec::new() }
    }

    /// Issues, how many more there are, and warnings.
    #[cfg(feature = "relay")]
    pub(crate) fn into_parts(self) -> (Vec<Issue>, usize, Vec<Warning>) {
        (self.issues, self.omitted, self.warnings)
    }

    /// What is wrong, in the order in which it stands in the input.
    pub fn issues(&self) -> &[Issue] {
        &self.issues
    }

    /// How many more issues there are than [`Limits::max_issues`] lists.
    pub const fn omitted(&self) -> usize {
        self.omitted
    }

    /// What is not wrong, but worth a look.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.issues.len() + self.omitted {
            1 => f.write_str("found 1 issue"),
            count => write!(f, "found {count} issues"),
        }
    }
}

impl std::error::Error for Rejected {}
