//! The call to the API.

use js_sys::ArrayBuffer;

use super::work::settled;
use super::{platform, random};
use crate::api::{Outcome, TicketRequest};
use crate::trace_parent::TraceParent;

/// What the API answered.
pub(super) struct Answer {
    pub(super) outcome: Outcome,
    /// Its header `Retry-After`, where it is one that makes sense.
    pub(super) retry_after: Option<String>,
}

/// Sends an event once; `trace` is what its caller sent, of which this try is a child.
pub(super) async fn send(
    request: &TicketRequest<'_>,
    trace: Option<TraceParent>,
    body: &ArrayBuffer,
    timeout_ms: u32,
) -> Answer {
    let child = trace.and_then(|trace| Some(trace.child(random::number().ok()?).to_string()));
    let trace = child.as_deref().map(|child| ("traceparent", child));
    let headers = platform::lines(request.headers().chain(trace));
    post(request.url(), &headers, body, timeout_ms, Outcome::of_status).await
}

/// One call. `outcome` says what a status means.
pub(super) async fn post(
    url: &str,
    headers: &str,
    body: &ArrayBuffer,
    timeout_ms: u32,
    outcome: impl FnOnce(u16) -> Outcome,
) -> Answer {
    let answered = settled(platform::post(url, headers, body, timeout_ms)).await;
    let text = answered.ok().and_then(|text| text.as_string()).unwrap_or_default();
    let Some((status, retry_after)) = text.split_once('\n') else {
        let outcome = if text == "timed-out" { Outcome::TimedOut } else { Outcome::Unreachable };
        return Answer { outcome, retry_after: None };
    };
    let retry_after = is_retry_after(retry_after).then(|| retry_after.to_owned());
    Answer { outcome: outcome(status.parse().unwrap_or_default()), retry_after }
}

/// Whether this may be passed on: the value of a header comes from outside.
fn is_retry_after(value: &str) -> bool {
    crate::api::retry_after_ms(value, 0).is_some()
}
