//! One request, as its log lines tell it from others: several run at the same time.

use wasm_bindgen::JsValue;
use worker::web_sys;

use super::log::Line;
use super::{http, random};
use crate::trace_parent::TraceParent;

/// What every line about a request has in common.
pub(super) struct Span {
    /// The request's id, made by us: a caller's own could be anything.
    pub(super) request: String,
    /// The trace that the caller's request belongs to.
    pub(super) trace: Option<TraceParent>,
}

impl Span {
    /// Begins with a request.
    pub(super) fn of(request: &web_sys::Request) -> Result<Self, JsValue> {
        let trace = http::header(request, "traceparent").and_then(|header| TraceParent::parse(&header));
        Ok(Self { request: random::uuid()?, trace })
    }

    /// Writes a line of it.
    pub(super) fn log(&self, line: Line) {
        let trace = self.trace.as_ref().map(TraceParent::trace_id);
        Line { request: Some(self.request.clone()), trace, ..line }.write();
    }
}
