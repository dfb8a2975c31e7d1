//! The Ticket API on your own machine.

use worker::{Context, Env, Result, event, web_sys};

/// Every request goes to the one object that is the emulator.
#[event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, _: Context) -> Result<web_sys::Response> {
    let _ = (request, env);
    worker::Response::empty().map(Into::into)
}

/// x
#[worker::durable_object(alarm)]
pub struct Emulator {
    state: worker::State,
}

impl worker::DurableObject for Emulator {
    fn new(state: worker::State, _: Env) -> Self {
        Self { state }
    }

    async fn fetch(&self, _: worker::Request) -> Result<worker::Response> {
        let _ = self.state.id();
        worker::Response::empty()
    }

    async fn alarm(&self) -> Result<worker::Response> {
        worker::Response::empty()
    }
}
