//! `POST /calls`: a call of another route in a body, answered in a body, for hosts that let their plugins
//! send no headers of their own, or read none.
//!
//! Who may do what is decided once, of the call itself; what it shows stands in it, and an `Authorization`
//! around it counts for nothing. So any page may post one without asking its browser first, of whatever
//! content type: nothing that a browser sends by itself, such as a cookie, lets anybody in.

use crate::json::Object;
use crate::relay::call::Call;
use crate::relay::config::Config;
use crate::relay::failure::Failure;
use crate::relay::problem::Problem;
use crate::relay::request::Request;
use crate::relay::response::Response;
use crate::relay::route::Route;
use crate::say::Say;

/// How much larger than a body a call may be that holds one, in bytes: a token, a path, all headers. Our
/// choice.
const ROOM_BYTES: usize = 32_768;

/// Whether this is a request around a call.
pub(in crate::relay) fn is_folded(request: &Request) -> bool {
    request.method() == "POST" && route(request) == Some(Route::Calls)
}

/// The call, as if it had come by itself.
pub(in crate::relay) async fn unfold(request: &Request, config: &Config) -> Result<Request, Failure> {
    let limits = &config.policy.limits;
    let body = request.bytes(limits.max_body_bytes + ROOM_BYTES).await?;
    let call = Call::read(&body, limits).map_err(|rejected| Problem::invalid("call", rejected))?;
    let inner = request.unfolded(&call)?;
    // As the platform reads its path, not as it was written.
    if route(&inner).is_some_and(|route| !route.is_callable()) {
        return Err(Problem::not_callable().into());
    }
    Ok(inner)
}

fn route(request: &Request) -> Option<Route> {
    Route::of(request.path_and_query().0)
}

/// The answer to a call, in a body. Its headers are left where they were, too, for whoever reads them.
pub(in crate::relay) fn fold(answer: Response, request: &Request) -> Response {
    let answer = answer.with("x-request-id", request.id().to_owned());
    let mut body = String::new();
    let mut object = Object::new(&mut body);
    object.member("status").number(answer.status.into());
    let mut headers = Object::new(object.member("headers"));
    answer.headers.iter().for_each(|(name, value)| headers.text(name, value));
    headers.end();
    let text = answer.text().filter(|text| !text.is_empty() && request.method() != "HEAD");
    object.member("body").push_str(text.unwrap_or("null"));
    object.end();
    // No body may go with 204, and there always is one.
    let status = if answer.status == 204 { 200 } else { answer.status };
    Response::json(status, body)
        .with_all(answer.headers.into_iter().filter(|(name, _)| *name != "content-type"))
}
