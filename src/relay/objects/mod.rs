//! The Durable Objects, and how the Worker reaches them.

pub(super) mod conversation;
pub(super) mod standing;
pub(super) mod stats;
mod storage;
pub(super) mod undelivered;
mod words;

use worker::{Env, Error, Method, Request, Response, Result, Stub, web_sys};

use super::event_id::{EventId, object_name};
use crate::event::ConversationId;

/// An object to call.
pub(super) struct Object(Stub);

impl Object {
    /// The object that keeps this conversation of this bot.
    pub(super) fn conversation(env: &Env, bot_id: &str, id: &ConversationId<'_>) -> Result<Self> {
        Self::named(env, "CONVERSATIONS", &object_name(bot_id, id.as_str()))
    }

    /// The conversation's object of this name.
    pub(super) fn of_event(env: &Env, id: &EventId) -> Result<Self> {
        Self::named(env, "CONVERSATIONS", &id.object)
    }

    /// The object that keeps how we stand with the API.
    pub(super) fn standing(env: &Env) -> Result<Self> {
        Self::named(env, "STANDING", "standing")
    }

    /// The object that lists what has not been delivered.
    fn undelivered(env: &Env) -> Result<Self> {
        Self::named(env, "PARKED", "parked")
    }

    /// The object that keeps what is counted.
    fn stats(env: &Env) -> Result<Self> {
        Self::named(env, "STATS", "stats")
    }

    fn named(env: &Env, binding: &str, name: &str) -> Result<Self> {
        env.durable_object(binding)?.get_by_name(name).map(Self)
    }

    /// Opens a WebSocket to it, or answers why there is none.
    pub(super) async fn upgrade(&self, path: &str) -> Result<Response> {
        let mut request = Request::new(&format!("https://object{path}"), Method::Get)?;
        request.headers_mut()?.set("upgrade", "websocket")?;
        self.0.fetch_with_request(request).await
    }

    /// Calls it; anything but a success is an error.
    pub(super) async fn call(&self, method: &str, path: &str, body: Option<&str>) -> Result<Response> {
        // Not the wrapper's: that has words for all that Cloudflare's edge could do with a request.
        let init = web_sys::RequestInit::new();
        init.set_method(method);
        if let Some(body) = body {
            init.set_body(&body.into());
        }
        let request = web_sys::Request::new_with_str_and_init(&format!("https://object{path}"), &init)?;
        let response = self.0.fetch_with_request(request.into()).await?;
        match response.status_code() {
            200..=299 => Ok(response),
            status => Err(Error::RustError(format!("a Durable Object answered {status}"))),
        }
    }
}
