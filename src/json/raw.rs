//! What is kept as it was written.

use std::collections::BTreeMap;

use super::members::Member;

/// A JSON value as it was written: sound JSON, not looked into any further.
///
/// ```
/// use ticketwire::{Limits, reply};
///
/// let reply = reply::parse_json(br#"{"platformConversationId":"c","mood":[ 1 ]}"#, &Limits::default())?;
/// assert_eq!(reply.extra.get("mood").map(|mood| mood.get()), Some("[ 1 ]"));
/// # Ok::<(), ticketwire::event::Rejected>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw(String);

impl Raw {
    /// Keeps the text of a value that a reader has passed over.
    pub(crate) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text.
    pub fn get(&self) -> &str {
        &self.0
    }
}

/// Members of an object as they were written, each name once.
///
/// ```
/// use ticketwire::{Limits, reply};
///
/// let extra = reply::parse_json(br#"{"platformConversationId":"c","mood":"good"}"#, &Limits::default())?.extra;
/// assert_eq!(extra.get("mood").map(|mood| mood.get()), Some("\"good\""));
/// assert_eq!(extra.names().collect::<Vec<_>>(), ["mood"]);
/// # Ok::<(), ticketwire::event::Rejected>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Members(Vec<(String, Raw)>);

impl Members {
    /// Keeps members: of those with one name the last.
    pub(crate) fn new(members: &[Member<'_>]) -> Self {
        let numbered = || members.iter().enumerate();
        let last: BTreeMap<&str, usize> = numbered().map(|(at, (name, _))| (name.as_str(), at)).collect();
        let is_last = |at: usize, name: &str| last.get(name) == Some(&at);
        let kept = numbered().filter(|(at, (name, _))| is_last(*at, name));
        Self(kept.map(|(_, (name, value))| (name.clone(), Raw::new(value))).collect())
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<Raw> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(at).1)
    }

    /// The value of the member with this name.
    pub fn get(&self, name: &str) -> Option<&Raw> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The names of all members, in the order in which they came.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(name, _)| name)
    }

    /// All members, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Raw)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
