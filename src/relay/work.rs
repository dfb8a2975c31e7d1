//! The work on a request, step by step: what it waits for is awaited by JavaScript (`work.js`).
//!
//! wasm-bindgen's own futures make two functions of JavaScript for each promise, and tell its garbage
//! collector of both: of all that a request costs here that would be the largest part. A step is one crossing
//! in, and makes nothing.

#![expect(unreachable_pub, reason = "only what is public is exported")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context as Waking, Poll, Waker};

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use worker::{Context, Env, web_sys};

use super::edge;

/// Work under way. It never waits for two things at once.
type Work = Pin<Box<dyn Future<Output = Result<web_sys::Response, JsValue>>>>;

/// What a step has come to.
#[derive(Default)]
enum Turn {
    /// No step is under way.
    #[default]
    Idle,
    /// One is.
    Running,
    /// It can't go on before this is settled.
    Waits(Promise),
    /// That is settled, like this.
    Settled(Result<JsValue, JsValue>),
}

thread_local! {
    static TURN: RefCell<Turn> = const { RefCell::new(Turn::Idle) };
    /// What waits, by the numbers that JavaScript knows.
    static WAITING: RefCell<BTreeMap<u32, Work>> = RefCell::default();
}

/// Begins to answer a request. Answers, as each step does, with the response, or the promise that has to be
/// settled before the next step.
#[wasm_bindgen]
pub fn begin(
    number: u32,
    request: web_sys::Request,
    env: Env,
    context: worker::worker_sys::Context,
) -> Result<JsValue, JsValue> {
    let work = async move { Ok(edge::serve(request, &env, &Context::new(context)).await?) };
    step(number, Box::pin(work), Turn::Running)
}

/// Goes on with what the promise has been kept with.
#[wasm_bindgen]
pub fn resume(number: u32, value: JsValue) -> Result<JsValue, JsValue> {
    settle(number, Ok(value))
}

/// Goes on with what the promise has been broken with.
#[wasm_bindgen]
pub fn fail(number: u32, reason: JsValue) -> Result<JsValue, JsValue> {
    settle(number, Err(reason))
}

fn settle(number: u32, result: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    let work = WAITING.with_borrow_mut(|waiting| waiting.remove(&number));
    work.map_or_else(|| Err(lost()), |work| step(number, work, Turn::Settled(result)))
}

fn step(number: u32, mut work: Work, turn: Turn) -> Result<JsValue, JsValue> {
    TURN.set(turn);
    let polled = work.as_mut().poll(&mut Waking::from_waker(Waker::noop()));
    match (polled, TURN.take()) {
        (Poll::Ready(response), _) => response.map(Into::into),
        (Poll::Pending, Turn::Waits(promise)) => {
            WAITING.with_borrow_mut(|waiting| waiting.insert(number, work));
            Ok(promise.into())
        }
        (Poll::Pending, _) => Err(lost()),
    }
}

/// Nothing would ever go on with this.
fn lost() -> JsValue {
    js_sys::Error::new("the work on a request was lost").into()
}

/// What this promise is settled with: wherever it is awaited.
pub(super) async fn settled(promise: Promise) -> Result<JsValue, JsValue> {
    if TURN.with_borrow(|turn| matches!(turn, Turn::Idle)) {
        return JsFuture::from(promise).await;
    }
    let mut promise = Some(promise);
    poll_fn(|_| {
        TURN.with_borrow_mut(|turn| match (promise.take(), std::mem::replace(turn, Turn::Running)) {
            (Some(promise), _) => {
                *turn = Turn::Waits(promise);
                Poll::Pending
            }
            (None, Turn::Settled(result)) => Poll::Ready(result),
            (None, _) => Poll::Pending,
        })
    })
    .await
}
