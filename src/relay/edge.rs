//! The outer edge: what every request passes on its way in, and every answer on its way out.

use worker::{Context, Env, Result, web_sys};

use super::caller::address_key;
use super::clock::now_ms;
use super::config::Config;
use super::data_point::DataPoint;
use super::failure::{Answer, Failure};
use super::objects::stats;
use super::problem::Problem;
use super::rate_limit;
use super::request::Request;
use super::response::Response;
use super::route::Route;
use super::routes::call;
use super::span::Span;

/// Answers a request, or the call that stands in its body as if that had come by itself.
pub(super) async fn serve(
    request: web_sys::Request,
    env: &Env,
    context: &Context,
) -> Result<web_sys::Response> {
    let start_ms = now_ms();
    let config = super::config(env);
    let outer = Request::of(request)?;
    let is_folded = call::is_folded(&outer);
    let unfolded = if is_folded { call::unfold(&outer, &config).await.map(Some) } else { Ok(None) };
    let (inner, failure) = unfolded.map_or_else(|failure| (None, Some(failure)), |inner| (inner, None));
    let request = inner.as_ref().unwrap_or(&outer);
    let span = Span::of(request);
    let (path, query) = request.path_and_query();
    let route = Route::of(path);
    let name = route.as_ref().map_or("none", Route::name);
    let is_for_pages = route.as_ref().is_none_or(Route::is_for_pages);
    let answer = enter(request, failure, env, &config, route, query, &span).await;
    let code = answer.as_ref().map_or_else(Failure::code, |_| "ok");
    let response = answer.unwrap_or_else(|failure| failure.respond(&span));
    let took_ms = now_ms().saturating_sub(start_ms);
    DataPoint::new(name, request.method(), code, response.status, took_ms).write(env, context);
    if let Some(flush) = stats::flush(env) {
        context.wait_until(flush);
    }
    let response = if is_folded { call::fold(response, request) } else { response };
    Ok(dressed(response, request, &config, is_for_pages).into_platform()?)
}

/// With what every answer carries.
fn dressed(response: Response, request: &Request, config: &Config, is_for_pages: bool) -> Response {
    let response = response.with("x-request-id", request.id().to_owned());
    if !is_for_pages {
        return response;
    }
    response.with_all(config.origins.of_answer(request.header("origin").as_deref()))
}

/// Lets in what has a route and one of its methods; `failure` is what kept a call from being unfolded.
async fn enter(
    request: &Request,
    failure: Option<Failure>,
    env: &Env,
    config: &Config,
    route: Option<Route>,
    query: &str,
    span: &Span,
) -> Answer {
    let route = route.ok_or_else(Problem::no_such_route)?;
    let method = request.method();
    if !route.takes(method) {
        return Err(Problem::wrong_method(route.allow()).into());
    }
    if method == "OPTIONS" {
        return Ok(options(request, config, &route));
    }
    let is_unread = failure.is_some();
    let answer = match failure {
        None => super::answer(request, env, config, route, query, span).await,
        Some(failure) => Err(failure),
    };
    // Who is refused is counted once that is known, so that nobody's guesses use up what a neighbour
    // with a key may do.
    if answer.as_ref().is_err_and(|failure| is_unread || failure.is_refusal()) {
        rate_limit::check(env, || Some(address_key(request)), span).await?;
    }
    answer
}

/// What a route takes, or what a page may do with it.
fn options(request: &Request, config: &Config, route: &Route) -> Response {
    let is_preflight = request.header("access-control-request-method").is_some();
    let origin = request.header("origin").filter(|_| is_preflight);
    let response = Response::empty(204);
    match origin {
        None => response.with("allow", route.allow()),
        Some(_) if !route.is_for_pages() => response,
        Some(origin) => response.with_all(config.origins.of_preflight(&origin, route.allow())),
    }
}
