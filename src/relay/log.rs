//! What the relay writes to its log: a line of JSON, made of nothing but the fields below. What a
//! customer wrote, who they are, and every secret have no field to get into.

use serde::Serialize;

/// Something worth a line.
#[derive(Serialize)]
pub(super) struct Line {
    /// What happened: the code of a problem, or a word of ours.
    pub(super) event: &'static str,
    /// The status that we answered with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<u16>,
    /// The status that the API answered with.
    #[serde(rename = "apiStatus", skip_serializing_if = "Option::is_none")]
    pub(super) api_status: Option<u16>,
    /// The event's id, which is made of a digest and a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    /// Why: the code of a problem, or the part of the runtime that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cause: Option<&'static str>,
    /// The id of the request that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) request: Option<String>,
    /// The id of the trace that the event's caller began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) trace: Option<String>,
}

impl Line {
    /// A line that says no more than what happened.
    pub(super) const fn new(event: &'static str) -> Self {
        Self { event, status: None, api_status: None, id: None, request: None, trace: None, cause: None }
    }

    /// Writes it.
    pub(super) fn write(&self) {
        if let Ok(line) = serde_json::to_string(self) {
            worker::console_log!("{line}");
        }
    }
}
