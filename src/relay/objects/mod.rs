//! The Durable Objects, and how the Worker reaches them.

pub(super) mod conversation;
pub(super) mod standing;
pub(super) mod stats;
mod storage;
pub(super) mod undelivered;
mod words;

use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use worker::{Env, Result, web_sys};

use super::event_id::{EventId, object_name};
use super::platform;
use super::work::settled;
use crate::event::ConversationId;

/// An object to call.
pub(super) struct Object<'e> {
    env: &'e Env,
    binding: &'static str,
    name: String,
}

impl<'e> Object<'e> {
    /// The object that keeps this conversation of this bot.
    pub(super) fn conversation(env: &'e Env, bot_id: &str, id: &ConversationId<'_>) -> Self {
        Self::of_conversation(env, object_name(bot_id, id.as_str()))
    }

    /// The conversation's object that has this event.
    pub(super) fn of_event(env: &'e Env, id: &EventId) -> Self {
        Self::of_conversation(env, id.object.clone())
    }

    /// The conversation's object of this name.
    const fn of_conversation(env: &'e Env, name: String) -> Self {
        Self { env, binding: "CONVERSATIONS", name }
    }

    /// The object that keeps how we stand with the API.
    fn standing(env: &'e Env) -> Self {
        Self { env, binding: "STANDING", name: "standing".into() }
    }

    /// The object that lists what has not been delivered.
    fn undelivered(env: &'e Env) -> Self {
        Self { env, binding: "PARKED", name: "parked".into() }
    }

    /// The object that keeps what is counted.
    fn stats(env: &'e Env) -> Self {
        Self { env, binding: "STATS", name: "stats".into() }
    }

    /// Opens a WebSocket to it, or answers why there is none.
    pub(super) async fn upgrade(&self, path: &str) -> Result<web_sys::Response> {
        let Self { env, binding, name } = self;
        Ok(settled(platform::upgrade(env, binding, name, path)).await?.dyn_into()?)
    }

    /// Calls it; anything but a success is an error.
    pub(super) async fn call(&self, method: &str, path: &str, body: Option<&str>) -> Result<String> {
        let Self { env, binding, name } = self;
        let called = platform::call(env, binding, name, method, path, body);
        Ok(settled(called).await?.as_string().unwrap_or_default())
    }

    /// Calls it, and reads its answer.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        method: &str,
        path: &str,
        body: Option<&str>,
    ) -> Result<T> {
        Ok(serde_json::from_str(&self.call(method, path, body).await?)?)
    }
}
