//! The Durable Object that is the emulator.

use std::rc::Rc;

use worker::{DurableObject, Env, Error, Request, Response, Result, State, console_error, js_sys};

use super::admin::{self, Desk};
use super::agent::Agent;
use super::cause::Cause;
use super::config::Config;
use super::http::{self, Answer, Inbound};
use super::route::{self, Action};
use super::store::Store;
use super::{converse, deliver};

/// How long to wait before trying again what the database refused, in milliseconds.
const RECOVERY_MS: i64 = 1_000;

/// The one object: it takes every request, and its alarm sends the replies that are due.
#[worker::durable_object(alarm)]
pub struct Emulator {
    /// None where the database could not be opened; why has been logged.
    parts: Option<Rc<Parts>>,
}

/// What the object works with, shared with the replies that are on their way.
pub(super) struct Parts {
    pub(super) state: State,
    pub(super) store: Store,
    pub(super) agent: Agent,
    config: Config,
}

impl DurableObject for Emulator {
    fn new(state: State, env: Env) -> Self {
        let parts = Parts::new(state, &env)
            .inspect_err(|error| console_error!("the database could not be opened: {error}"));
        Self { parts: parts.ok().map(Rc::new) }
    }

    async fn fetch(&self, request: Request) -> Result<Response> {
        let answer = match &self.parts {
            Some(parts) => parts.answer(request).await,
            None => Ok(Answer::refused(Cause::Internal)),
        };
        let answer = answer.unwrap_or_else(|error| {
            console_error!("a request failed: {error}");
            Answer::refused(Cause::Internal)
        });
        answer.into_response()
    }

    /// Never fails: an alarm that fails too often is given up for good.
    async fn alarm(&self) -> Result<Response> {
        if let Some(parts) = &self.parts
            && let Err(error) = deliver::send_due(parts).await
        {
            console_error!("replies are held up: {error}");
            let _ = parts.state.storage().set_alarm(RECOVERY_MS).await;
        }
        Response::empty()
    }
}

impl Parts {
    fn new(state: State, env: &Env) -> Result<Self> {
        let config = Config::read(|name| env.var(name).ok().map(|value| value.to_string()));
        let store = Store::open(state.storage().sql(), &config)?;
        Ok(Self { state, store, agent: Agent::default(), config })
    }

    async fn answer(&self, request: Request) -> Result<Answer> {
        if http::is_too_large(&request) {
            return Ok(Answer::refused(Cause::BodyTooLarge));
        }
        let request = Inbound::read(request).await?;
        match route::find(&request.method, request.path()) {
            Ok((Action::Ticket, _)) => converse::receive(self, &request).await,
            Ok((action, parameter)) => {
                let answer = self.desk().serve(action, parameter, &request)?;
                self.arm().await?;
                Ok(answer)
            }
            Err(no_route) => admin::lost(no_route),
        }
    }

    const fn desk(&self) -> Desk<'_> {
        Desk { store: &self.store, config: &self.config, agent: &self.agent }
    }

    /// Sets the alarm for what is to be done next, whatever it was set for.
    pub(super) async fn arm(&self) -> Result<(), Error> {
        let storage = self.state.storage();
        match self.store.next_due_ms()? {
            Some(due_ms) => storage.set_alarm((due_ms - now_ms()).max(0)).await,
            None => storage.delete_alarm().await,
        }
    }
}

/// Milliseconds since 1970.
pub(super) fn now_ms() -> i64 {
    // A time in milliseconds is a whole number that both types hold.
    js_sys::Date::now() as i64
}
