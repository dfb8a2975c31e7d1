//! Issues, as they are found.

use super::fault::Issue;
use super::findings::Rejected;
use super::warning::Warning;
use crate::limits::Limits;

/// All that was found, and as much of it listed as the limits have it.
pub(crate) struct Issues {
    max: usize,
    listed: Vec<Issue>,
    omitted: usize,
}

impl Issues {
    pub(crate) const fn new(limits: &Limits) -> Self {
        Self { max: limits.max_issues, listed: Vec::new(), omitted: 0 }
    }

    /// Notes one. What is beyond the limit is counted, and not even put into words: that may mean to go
    /// through all of the text, and a text may hold as many faults as it has room for.
    pub(crate) fn note(&mut self, issue: impl FnOnce() -> Issue) {
        if self.listed.len() < self.max {
            self.listed.push(issue());
        } else {
            self.omitted += 1;
        }
    }

    /// Whether nothing was found.
    pub(crate) const fn is_empty(&self) -> bool {
        self.listed.is_empty() && self.omitted == 0
    }

    /// What comes of it.
    pub(crate) fn reject(self, warnings: Vec<Warning>) -> Rejected {
        Rejected { issues: self.listed, omitted: self.omitted, warnings }
    }
}
