//! The relay: a Cloudflare Worker that holds the API key.
//!
//! Thin: a request is read ([`http`]), routed ([`route`]), let in ([`keys`]), checked and sent by
//! the core, and answered; what goes wrong is a [`problem`]. Conversations live in Durable Objects
//! ([`conversation`]).

mod config;
mod conversation;
mod http;
mod keys;
mod log;
mod objects;
mod problem;
mod ready;
mod route;
mod standing;
mod storage;
mod ticket;
mod transcript;
mod upstream;
mod webhook;

use std::cell::OnceCell;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use worker::{Context, Env, Result, event, web_sys};

use crate::event::ConversationId;
use config::Config;
use log::Line;
use objects::Object;
use problem::Problem;
use route::Route;
use transcript::{Page, Range, Row};

/// What a route answers: a response, or a problem in its place.
type Answer = std::result::Result<web_sys::Response, Failure>;

/// Why a route has no answer of its own.
enum Failure {
    /// The caller is told.
    Problem(Problem),
    /// The runtime failed; the log is told where.
    Runtime(&'static str),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// Only the kind of an error is kept: its text may hold what was being read or stored.
impl<E: Into<worker::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        use worker::Error;
        Self::Runtime(match error.into() {
            Error::BindingError(_) => "binding",
            Error::SerdeJsonError(_) | Error::SerdeWasmBindgenError(_) => "serialization",
            Error::RustError(_) => "object",
            Error::JsError(_) | Error::Internal(_) => "javascript",
            _ => "other",
        })
    }
}

#[event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, _: Context) -> Result<web_sys::Response> {
    match answer(&request, &env).await {
        Ok(response) => Ok(response),
        Err(Failure::Problem(problem)) => http::problem(&problem),
        Err(Failure::Runtime(cause)) => {
            Line {
                status: Some(500),
                cause: Some(cause),
                ..Line::new("internal")
            }
            .write();
            http::problem(&Problem::internal())
        }
    }
}

async fn answer(request: &web_sys::Request, env: &Env) -> Answer {
    let url = request.url();
    let (path, query) = http::path_and_query(&url);
    let route = Route::of(path).ok_or_else(Problem::no_such_route)?;
    if !route.takes(&request.method()) {
        return Err(Problem::wrong_method(route.allow()).into());
    }
    let config = config(env);
    match route {
        Route::Ticket => {
            admit(request, &config)?;
            ticket::send(request, env, &config).await
        }
        Route::Webhook(secret) => webhook::receive(request, env, &config, secret).await,
        Route::Conversation(id) => {
            admit(request, &config)?;
            transcript(request, env, &config, &id, query).await
        }
        Route::Health => Ok(http::json(200, r#"{"status":"ok"}"#)?),
        Route::Ready => ready::report(env, &config).await,
        Route::Version => {
            let version = concat!(
                r#"{"name":"ticketwire","version":""#,
                env!("CARGO_PKG_VERSION"),
                r#""}"#
            );
            Ok(http::json(200, version)?)
        }
    }
}

/// Lets in who shows one of the relay's keys: as a bearer token, or raw, as the vendor's API takes
/// its own key, so that a plugin need change only its base URL.
fn admit(request: &web_sys::Request, config: &Config) -> std::result::Result<(), Problem> {
    if config.relay_keys.is_empty() {
        return Err(Problem::not_configured());
    }
    let header = http::header(request, "authorization").ok_or_else(Problem::no_key)?;
    let key = match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => header.as_str(),
    };
    if config.relay_keys.contain(key) {
        Ok(())
    } else {
        Err(Problem::wrong_key())
    }
}

/// The bot that a request is for: its header `botid`, else the one configured.
fn bot_id(
    request: &web_sys::Request,
    config: &Config,
) -> std::result::Result<crate::event::BotId<'static>, Problem> {
    match http::header(request, "botid") {
        Some(id) => crate::event::BotId::parse(id, &config.policy.limits)
            .map_err(|fault| Problem::invalid_bot_id(&fault)),
        None => config
            .api
            .as_ref()
            .map(|api| api.bot_id.clone())
            .ok_or_else(Problem::not_configured),
    }
}

/// A page of a conversation.
async fn transcript(
    request: &web_sys::Request,
    env: &Env,
    config: &Config,
    id: &str,
    query: &str,
) -> Answer {
    let id = ConversationId::parse(id, &config.policy.limits)
        .map_err(|fault| Problem::invalid_conversation_id(&fault))?;
    let range = Range::parse(query).ok_or_else(|| Problem::invalid_query(Range::EXPECTED))?;
    let object = Object::conversation(env, bot_id(request, config)?.as_str(), &id)?;
    let mut answer = object
        .call("GET", &format!("/?{}", range.query()), None)
        .await?;
    let rows: Vec<Row> = answer.json().await?;
    if rows.is_empty() && range.after == 0 {
        return Err(Problem::no_such_conversation().into());
    }
    let page = serde_json::to_string(&Page::of(&id, &rows, range)?)?;
    Ok(http::json(200, &page)?)
}

/// The configuration, read once per isolate: a deployment starts new ones.
fn config(env: &Env) -> Rc<Config> {
    thread_local! {
        static CONFIG: OnceCell<Rc<Config>> = const { OnceCell::new() };
    }
    let variable = |name: &str| {
        js_sys::Reflect::get(env, &JsValue::from_str(name))
            .ok()?
            .as_string()
    };
    CONFIG.with(|config| Rc::clone(config.get_or_init(|| Rc::new(Config::read(variable)))))
}
