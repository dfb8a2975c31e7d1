//! The call to the API.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use worker::web_sys::{self, AbortSignal, Headers, RequestInit, RequestRedirect};

use super::random;
use crate::api::{Outcome, TicketRequest};
use crate::trace_parent::TraceParent;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch)]
    fn fetch(url: &str, init: &RequestInit) -> Result<js_sys::Promise, JsValue>;
}

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
    body: &[u8],
    timeout_ms: u32,
) -> Answer {
    let headers = || {
        let headers = Headers::new()?;
        request.headers().try_for_each(|(name, value)| headers.set(name, value))?;
        if let Some(trace) = trace {
            headers.set("traceparent", &trace.child(random::number()?).to_string())?;
        }
        Ok(headers)
    };
    post(request.url(), headers, body, timeout_ms, Outcome::of_status).await
}

/// One call. `outcome` says what a status means.
pub(super) async fn post(
    url: &str,
    headers: impl FnOnce() -> Result<Headers, JsValue>,
    body: &[u8],
    timeout_ms: u32,
    outcome: impl FnOnce(u16) -> Outcome,
) -> Answer {
    let signal = AbortSignal::timeout_with_u32(timeout_ms);
    let answered = async { call(url, &headers()?, body, &signal).await }.await;
    match answered {
        Ok(response) => answer(&response, outcome),
        Err(_) if signal.aborted() => Answer { outcome: Outcome::TimedOut, retry_after: None },
        Err(_) => Answer { outcome: Outcome::Unreachable, retry_after: None },
    }
}

async fn call(
    url: &str,
    headers: &Headers,
    body: &[u8],
    signal: &AbortSignal,
) -> Result<web_sys::Response, JsValue> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(headers);
    init.set_body(&js_sys::Uint8Array::from(body));
    // A redirect would carry the key, or the words, to wherever it points.
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(signal));
    JsFuture::from(fetch(url, &init)?).await?.dyn_into()
}

fn answer(response: &web_sys::Response, outcome: impl FnOnce(u16) -> Outcome) -> Answer {
    let retry_after =
        response.headers().get("retry-after").ok().flatten().filter(|value| is_retry_after(value));
    // No body is documented, and one might repeat what a customer wrote: it is never read.
    if let Some(body) = response.body() {
        let _ = body.cancel();
    }
    Answer { outcome: outcome(response.status()), retry_after }
}

/// Whether this may be passed on: the value of a header comes from outside.
fn is_retry_after(value: &str) -> bool {
    crate::api::retry_after_ms(value, 0).is_some()
}
