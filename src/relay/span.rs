//! One request, as its log lines tell it from others: several run at the same time.

use super::log::Line;
use super::request::Request;
use crate::trace_parent::TraceParent;

/// What every line about a request has in common.
pub(super) struct Span {
    /// The request's id.
    pub(super) request: String,
    /// The trace that the caller's request belongs to.
    pub(super) trace: Option<TraceParent>,
}

impl Span {
    /// Begins with a request.
    pub(super) fn of(request: &Request) -> Self {
        let trace = request.header("traceparent").and_then(|header| TraceParent::parse(&header));
        Self { request: request.id().to_owned(), trace }
    }

    /// Writes a line of it.
    pub(super) fn log(&self, line: Line) {
        let trace = self.trace.as_ref().map(TraceParent::trace_id);
        Line { request: Some(self.request.clone()), trace, ..line }.write();
    }
}
