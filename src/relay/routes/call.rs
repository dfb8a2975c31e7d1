//! `POST /calls`: a call of another route in a body, answered in a body, for hosts that let their plugins
//! send no headers of their own, or read none.
//!
//! Who may do what is decided once, of the call itself; what it shows stands in it, and an `Authorization`
//! around it counts for nothing. So any page may post one without asking its browser first, of whatever
//! content type: nothing that a browser sends by itself, such as a cookie, lets anybody in.

use js_sys::{JSON, Object, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use worker::web_sys::{self, Headers, RequestInit, ResponseInit};

use crate::relay::call::Call;
use crate::relay::config::Config;
use crate::relay::failure::Failure;
use crate::relay::http;
use crate::relay::problem::Problem;
use crate::relay::route::Route;
use crate::relay::span::Span;

/// How much larger than a body a call may be that holds one, in bytes: a token, a path, all headers. Our
/// choice.
const ROOM_BYTES: usize = 32_768;

/// What says where a request comes from; the call's own `traceparent` goes before one around it.
const KEPT_HEADERS: [&str; 3] = ["origin", "cf-connecting-ip", "traceparent"];

/// Whether this is a request around a call.
pub(in crate::relay) fn is_folded(request: &web_sys::Request) -> bool {
    request.method() == "POST" && route(request) == Some(Route::Calls)
}

/// The call, as if it had come by itself.
pub(in crate::relay) async fn unfold(
    request: &web_sys::Request,
    config: &Config,
) -> Result<web_sys::Request, Failure> {
    let limits = &config.policy.limits;
    let body = http::body(request, limits.max_body_bytes + ROOM_BYTES).await?;
    let call = Call::read(&body, limits).map_err(|rejected| Problem::invalid("call", rejected))?;
    let inner = inner(&call, request)?;
    // As the platform reads its path, not as it was written.
    if route(&inner).is_some_and(|route| !route.is_callable()) {
        return Err(Problem::not_callable().into());
    }
    Ok(inner)
}

fn route(request: &web_sys::Request) -> Option<Route> {
    Route::of(http::path_and_query(&request.url()).0)
}

fn inner(call: &Call<'_>, outer: &web_sys::Request) -> Result<web_sys::Request, JsValue> {
    let init = RequestInit::new();
    let headers = Headers::new()?;
    headers.set("content-type", "application/json")?;
    for name in KEPT_HEADERS {
        http::header(outer, name).map_or(Ok(()), |value| headers.set(name, &value))?;
    }
    call.headers.iter().try_for_each(|(name, value)| headers.set(name, value))?;
    init.set_headers(&headers);
    init.set_method(&call.method);
    if let Some(body) = call.body {
        init.set_body(&Uint8Array::from(body.as_bytes()));
    }
    web_sys::Request::new_with_str_and_init(&format!("https://relay{}", call.path), &init)
}

/// The answer to a call, in a body. Its headers are left where they were, too, for whoever reads them.
pub(in crate::relay) async fn fold(
    answer: &web_sys::Response,
    request: &web_sys::Request,
    span: &Span,
) -> worker::Result<web_sys::Response> {
    let (status, headers) = (answer.status(), answer.headers());
    headers.set("x-request-id", &span.request)?;
    let text = JsFuture::from(answer.text()?).await?.as_string();
    let text = text.filter(|text| !text.is_empty() && request.method() != "HEAD");
    let body = format!(
        r#"{{"status":{status},"headers":{},"body":{}}}"#,
        String::from(JSON::stringify(&Object::from_entries(&headers)?.into())?),
        text.as_deref().unwrap_or("null")
    );
    headers.set("content-type", "application/json")?;
    let init = ResponseInit::new();
    // No body may go with 204, and there always is one.
    init.set_status(if status == 204 { 200 } else { status });
    init.set_headers(&headers);
    Ok(web_sys::Response::new_with_opt_str_and_init(Some(&body), &init)?)
}
