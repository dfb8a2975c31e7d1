//! Sending replies to the webhook.

use std::rc::Rc;

use serde_json::{Map, Value};
use worker::js_sys::{self, futures::JsFuture};
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::web_sys::{
    AbortSignal, Headers, Request, RequestInit, RequestRedirect, Response, WorkerGlobalScope,
};
use worker::{Error, Result, console_error};

use super::filter::Kind;
use super::object::{Parts, now_ms};
use super::proof::{Header, Message};
use super::store::{Arrival, Due, Ending};
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

/// Sends these replies one after the other, whatever their time, and waits for each to be tried.
pub(super) async fn send_now(parts: &Parts, ids: &[i64]) -> Result<()> {
    let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    let due = parts.store.claim_now(ids, now_ms() + CLAIM_MS.saturating_mul(count))?;
    for reply in &due {
        send(parts, reply).await?;
    }
    Ok(())
}

async fn send(parts: &Parts, reply: &Due) -> Result<()> {
    let webhook = parts.store.webhook()?;
    let sent_ms = now_ms();
    let proof = proof(&webhook, reply, sent_ms);
    let seq = parts.store.begin_entry(arrival(&webhook, reply, &proof, sent_ms))?;
    let outcome = post(&webhook, &reply.body, &proof).await;
    let next = tries::next(outcome, reply.number, now_ms());
    let next_ms = match next {
        Next::Forget => None,
        Next::TryAgainAt(due_ms) => Some(due_ms),
    };
    parts.store.settle_reply(reply, next)?;
    let ended_ms = Some(now_ms());
    let ending = Ending { status: outcome.status(), cause: outcome.cause(), at_ms: ended_ms, next_ms };
    parts.store.end_entry(seq, &ending)?;
    parts.arm().await
}

/// The headers that prove where a reply comes from; none where there is no secret.
fn proof(webhook: &Webhook, reply: &Due, sent_ms: i64) -> Vec<Header> {
    let message = Message { id: &reply.message_id, body: &reply.body, sent_ms };
    match &webhook.secret {
        Some(secret) => webhook.proof.headers(secret, &webhook.header, &message, reply.flaw),
        None => Vec::new(),
    }
}

fn arrival<'a>(webhook: &'a Webhook, reply: &'a Due, proof: &[Header], sent_ms: i64) -> Arrival<'a> {
    Arrival {
        at_ms: sent_ms,
        kind: Kind::Webhook,
        method: "POST",
        target: webhook.url.as_deref().unwrap_or_default(),
        headers: headers_for_journal(webhook, proof),
        body: reply.body.as_bytes(),
        conversation: Some(&reply.conversation),
        number: Some(reply.number),
        fault: reply.fault.clone(),
    }
}

/// A signature may be shown; the secret may not.
fn headers_for_journal(webhook: &Webhook, proof: &[Header]) -> String {
    let shown = headers(proof).map(|(name, value)| {
        let secret = webhook.secret.as_deref() == Some(value);
        (name.to_ascii_lowercase(), Value::from(if secret { SECRET_SENT } else { value }))
    });
    Value::Object(shown.collect::<Map<_, _>>()).to_string()
}

fn headers(proof: &[Header]) -> impl Iterator<Item = (&str, &str)> {
    let proof = proof.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    [("content-type", "application/json")].into_iter().chain(proof)
}

async fn post(webhook: &Webhook, body: &str, proof: &[Header]) -> Outcome {
    let Some(url) = &webhook.url else {
        return Outcome::NoWebhook;
    };
    let signal = AbortSignal::timeout_with_u32(tries::TIMEOUT_MS);
    match fetch(url, body, proof, &signal).await {
        Ok(status) => Outcome::Answered(status),
        Err(_) if signal.aborted() => Outcome::TimedOut,
        Err(_) => Outcome::Unreachable,
    }
}

async fn fetch(url: &str, body: &str, proof: &[Header], signal: &AbortSignal) -> Result<u16> {
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_redirect(RequestRedirect::Manual);
    init.set_headers(&outbound_headers(proof)?.into());
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

fn outbound_headers(proof: &[Header]) -> Result<Headers> {
    let outbound = Headers::new()?;
    for (name, value) in headers(proof) {
        outbound.set(name, value)?;
    }
    Ok(outbound)
}
