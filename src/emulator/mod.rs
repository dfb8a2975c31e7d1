//! The Ticket API on your own machine.
//!
//! It **is** the API as its documentation describes it, with a scripted agent behind it: the one
//! endpoint, every documented status for its documented cause, replies by webhook, faults on
//! demand, and a journal of all that went in and out. It is **not** the vendor's service: it
//! accepts only keys that begin with `emu_`, and each of its answers has the header
//! `x-emulator: 1`. It shares no code with what it tests but the [proofs](crate::webhook) of a
//! webhook, which are held against the specification's example and its official library.
//!
//! Every request goes to one Durable Object, [`object::Emulator`], which keeps all it knows in
//! SQLite. What is pure stands in files of its own: [`access`], [`ticket`], [`script`], [`fault`],
//! [`order`], [`plan`], [`dice`], [`proof`], [`tries`], [`filter`], [`route`].

mod access;
mod admin;
mod agent;
mod cause;
mod config;
mod converse;
mod deliver;
mod dice;
mod fault;
mod filter;
mod http;
mod object;
mod order;
mod order_reader;
mod plan;
mod proof;
mod route;
mod script;
mod script_reader;
mod seed;
mod store;
mod ticket;
mod tries;
mod webhook;

use worker::{Context, Env, Request, Response, Result, console_error, event, web_sys};

use cause::Cause;
use http::Answer;

/// Every request goes to the one object that is the emulator.
#[event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, _: Context) -> Result<web_sys::Response> {
    let answer = match forward(request.into(), &env).await {
        Ok(answer) => answer,
        Err(error) => {
            console_error!("the emulator's object failed: {error}");
            Answer::refused(Cause::Internal).into_response()?
        }
    };
    Ok(answer.into())
}

async fn forward(request: Request, env: &Env) -> Result<Response> {
    let emulator = env.durable_object("EMULATOR")?.get_by_name("emulator")?;
    emulator.fetch_with_request(request).await
}
