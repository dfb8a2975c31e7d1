//! The relay: a Cloudflare Worker that holds the API key.
//!
//! Thin: a [`request`] is routed ([`route`]), let in ([`caller`]), checked and sent by
//! the core, and answered ([`routes`], [`response`]); what goes wrong is a [`problem`]. What the
//! [`platform`] is asked for stands in JavaScript. What has to last lives in
//! Durable Objects ([`objects`]).

mod access;
mod call;
mod caller;
mod clock;
mod config;
mod cors;
mod cursor;
mod data_point;
mod edge;
mod envelope;
mod event_id;
mod event_stream;
mod failure;
mod feed;
mod keys;
mod link;
mod log;
mod members;
mod objects;
mod onward;
mod openapi;
mod platform;
mod problem;
mod proofs;
mod random;
mod range;
mod rate_limit;
mod receipt;
mod refusal;
mod report;
mod request;
mod response;
mod route;
mod routes;
mod session_wish;
mod sessions;
mod settings;
mod span;
mod stats;
mod transcript;
mod undelivered;
mod upstream;
mod work;

use std::cell::OnceCell;
use std::rc::Rc;

use worker::Env;

use access::Action;
use caller::{admit, bot_id, rate_key};
use config::Config;
use failure::Answer;
use problem::Problem;
use request::Request;
use response::Response;
use route::Route;
use span::Span;
use undelivered::Shelf;

/// What a route answers.
async fn answer(
    request: &Request,
    env: &Env,
    config: &Config,
    route: Route,
    query: &str,
    span: &Span,
) -> Answer {
    let action = Action::of(&route, request.method());
    let caller = admit(request, config, action, route.target(), query)?;
    rate_limit::check(env, || rate_key(request, action, &caller), span).await?;
    match route {
        Route::Ticket => routes::ticket::send(request, env, config, &caller, span).await,
        Route::Webhook(secret) => routes::webhook::receive(request, env, config, secret, span).await,
        Route::Conversation(id) => {
            let bot_id = bot_id(request, config, &caller)?;
            if action == Action::Forget {
                routes::conversation::forget(env, &bot_id, &id).await
            } else {
                routes::conversation::read(env, &bot_id, &id, query).await
            }
        }
        Route::Stream(id) => {
            let bot_id = bot_id(request, config, &caller)?;
            routes::stream::follow(request, env, config, &caller, &bot_id, &id, query).await
        }
        Route::Event(id) => routes::event::report(env, &id).await,
        Route::Replay(id) => routes::event::replay(env, &id, span).await,
        Route::Parked => routes::undelivered::list(env, Shelf::Parked, query).await,
        Route::Waiting => routes::undelivered::list(env, Shelf::Waiting, query).await,
        Route::Stats => routes::stats::report(env, query).await,
        Route::Sessions => routes::session::mint(request, config).await,
        // Unfolded at the edge, where no call may be for another.
        Route::Calls => Err(Problem::not_callable().into()),
        Route::Health => Ok(Response::json(200, r#"{"status":"ok"}"#)),
        Route::Ready => routes::ready::report(env, config, &caller).await,
        Route::OpenApi => Ok(Response::json(200, openapi::DOCUMENT)),
        Route::Version => {
            let version = concat!(r#"{"name":"ticketwire","version":""#, env!("CARGO_PKG_VERSION"), r#""}"#);
            Ok(Response::json(200, version))
        }
    }
}

/// The configuration, read once per isolate: a deployment starts new ones.
fn config(env: &Env) -> Rc<Config> {
    thread_local! {
        static CONFIG: OnceCell<Rc<Config>> = const { OnceCell::new() };
    }
    let variable = |name: &str| platform::variable(env, name).ok().flatten();
    CONFIG.with(|config| Rc::clone(config.get_or_init(|| Rc::new(Config::read(variable)))))
}
