//! The outer edge: what every request passes on its way in, and every answer on its way out.

use worker::{Env, Result, web_sys};

use super::config::Config;
use super::cors;
use super::failure::Answer;
use super::http;
use super::problem::Problem;
use super::route::Route;
use super::security::secure;
use super::span::Span;

/// Answers a request.
pub(super) async fn serve(request: &web_sys::Request, env: &Env) -> Result<web_sys::Response> {
    let (config, span) = (super::config(env), Span::of(request)?);
    let url = request.url();
    let (path, query) = http::path_and_query(&url);
    let route = Route::of(path);
    let is_for_pages = route.as_ref().is_none_or(Route::is_for_pages);
    let answer = enter(request, env, &config, route, query, &span).await;
    let response = answer.or_else(|failure| failure.respond(&span))?;
    // A socket that is open is the object's own: nothing can be put on that answer.
    if response.status() == 101 {
        return Ok(response);
    }
    let headers = response.headers();
    secure(&headers)?;
    headers.set("x-request-id", &span.request)?;
    if is_for_pages {
        let origin = http::header(request, "origin");
        put(&headers, &config.origins.of_answer(origin.as_deref()))?;
    }
    Ok(response)
}

/// Lets in what has a route and one of its methods.
async fn enter(
    request: &web_sys::Request,
    env: &Env,
    config: &Config,
    route: Option<Route>,
    query: &str,
    span: &Span,
) -> Answer {
    let route = route.ok_or_else(Problem::no_such_route)?;
    let method = request.method();
    if !route.takes(&method) {
        return Err(Problem::wrong_method(route.allow()).into());
    }
    if method == "OPTIONS" {
        return Ok(options(request, config, &route)?);
    }
    super::answer(request, env, config, route, query, span).await
}

/// What a route takes, or what a page may do with it.
fn options(request: &web_sys::Request, config: &Config, route: &Route) -> Result<web_sys::Response> {
    let is_preflight = http::header(request, "access-control-request-method").is_some();
    let origin = http::header(request, "origin").filter(|_| is_preflight);
    let Some(origin) = origin else {
        return http::respond(204, None, &[("allow", route.allow())]);
    };
    let response = http::respond(204, None, &[])?;
    if route.is_for_pages() {
        put(&response.headers(), &config.origins.of_preflight(&origin, route.allow()))?;
    }
    Ok(response)
}

fn put(headers: &web_sys::Headers, more: &cors::Headers) -> Result<()> {
    Ok(more.iter().try_for_each(|(name, value)| headers.set(name, value))?)
}
