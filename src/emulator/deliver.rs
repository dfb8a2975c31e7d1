//! Sending replies to the webhook.

use std::rc::Rc;

use serde_json::{Map, Value};
use worker::js_sys::{self, futures::JsFuture};
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::web_sys::{
    AbortSignal, Headers, Request, RequestInit, RequestRedirect, Response, WorkerGlobalScope,
};
use worker::{Error, Result, console_error};

use super::object::{Parts, now_ms};
use super::store::{Arrival, Due, Kind};
use super::tries::{self, Next, Outcome};
use super::webhook::Webhook;

/// How long a reply is ours once taken up: a try's time-out, and time to write down its end.
const CLAIM_MS: i64 = tries::TIMEOUT_MS as i64 + 10_000;

/// What stands in the journal in place of the webhook's secret.
const SECRET_SENT: &str = "the webhook's secret";

/// Takes up what is due, and sends it while the object goes on with other work. Should the object
/// go away meanwhile, the alarm that is set here first wakes it again.
pub(super) async fn send_due(parts: &Rc<Parts>) -> Result<()> {
    let now_ms = now_ms();
    let due = parts.store.claim_replies(now_ms, now_ms + CLAIM_MS)?;
    parts.arm().await?;
    for reply in due {
        let parts = Rc::clone(parts);
        let sender = Rc::clone(&parts);
        parts.state.wait_until(async move {
            if let Err(error) = send(&sender, &reply).await {
                console_error!("a reply was not sent: {error}");
            }
        });
    }
    Ok(())
}

async fn send(parts: &Parts, reply: &Due) -> Result<()> {
    let webhook = parts.store.webhook()?;
    let seq = parts.store.begin_entry(arrival(&webhook, reply))?;
    let outcome = post(&webhook, &reply.body).await;
    let next = tries::next(outcome, reply.number, now_ms());
    let next_ms = match next {
        Next::Forget => None,
        Next::TryAgainAt(due_ms) => Some(due_ms),
    };
    parts.store.settle_reply(reply, next)?;
    parts.store.end_entry(seq, outcome.status(), outcome.cause(), next_ms)?;
    parts.arm().await
}

fn arrival<'a>(webhook: &'a Webhook, reply: &'a Due) -> Arrival<'a> {
    Arrival {
        at_ms: now_ms(),
        kind: Kind::Webhook,
        method: "POST",
        target: webhook.url.as_deref().unwrap_or_default(),
        headers: headers_for_journal(webhook),
        body: reply.body.as_bytes(),
        conversation: Some(&reply.conversation),
        number: Some(reply.number),
        fault: None,
    }
}

fn headers_for_journal(webhook: &Webhook) -> String {
    let shown =
        headers(webhook, SECRET_SENT).map(|(name, value)| (name.to_ascii_lowercase(), Value::from(value)));
    Value::Object(shown.collect::<Map<_, _>>()).to_string()
}

/// Name and value of each header, with the secret as given.
fn headers<'a>(webhook: &'a Webhook, secret: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let proof = webhook.secret.is_some();
    [("content-type", "application/json")]
        .into_iter()
        .chain(proof.then_some((webhook.header.as_str(), secret)))
}

async fn post(webhook: &Webhook, body: &str) -> Outcome {
    let Some(url) = &webhook.url else {
        return Outcome::NoWebhook;
    };
    let signal = AbortSignal::timeout_with_u32(tries::TIMEOUT_MS);
    match fetch(url, webhook, body, &signal).await {
        Ok(status) => Outcome::Answered(status),
        Err(_) if signal.aborted() => Outcome::TimedOut,
        Err(_) => Outcome::Unreachable,
    }
}

async fn fetch(url: &str, webhook: &Webhook, body: &str, signal: &AbortSignal) -> Result<u16> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_redirect(RequestRedirect::Manual);
    init.set_headers(&outbound_headers(webhook)?.into());
    init.set_body(&JsValue::from_str(body));
    init.set_signal(Some(signal));
    let request = Request::new_with_str_and_init(url, &init).map_err(Error::from)?;
    let global: WorkerGlobalScope = js_sys::global().unchecked_into();
    let response = JsFuture::from(global.fetch_with_request(&request)).await?;
    let response: Response = response.dyn_into()?;
    if let Some(body) = response.body() {
        // What the receiver says beyond its status is not read.
        let _ = JsFuture::from(body.cancel()).await;
    }
    Ok(response.status())
}

fn outbound_headers(webhook: &Webhook) -> Result<Headers> {
    let secret = webhook.secret.as_deref().unwrap_or_default();
    let outbound = Headers::new()?;
    for (name, value) in headers(webhook, secret) {
        outbound.set(name, value)?;
    }
    Ok(outbound)
}
