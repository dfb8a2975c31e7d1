//! `GET /ready`: whether events can be sent, and what to do if not.

use serde::Serialize;
use worker::Env;

use crate::api::Outcome;
use crate::relay::access::Caller;
use crate::relay::config::Config;
use crate::relay::failure::Answer;
use crate::relay::objects::standing::{self, Refusal};
use crate::relay::objects::undelivered;
use crate::relay::response::Response;
use crate::relay::settings::Gap;
use crate::relay::undelivered::Totals;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    ready: bool,
    /// Settings that are missing or wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    settings: Option<&'a [Gap]>,
    /// How many events are parked: they wait for somebody to look at them. And how many are held up.
    #[serde(flatten)]
    undelivered: Option<Totals>,
    /// Set while the API refuses our credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    api_credentials: Option<RefusedCredentials>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RefusedCredentials {
    code: &'static str,
    api_status: u16,
    since_ms: u64,
    detail: &'static str,
}

impl From<Refusal> for RefusedCredentials {
    fn from(refusal: Refusal) -> Self {
        Self {
            code: Outcome::CredentialsRefused(refusal.status).code(),
            api_status: refusal.status,
            since_ms: refusal.since_ms,
            detail: "check API_KEY (making a new key ends the old one), BOT_ID, and that the bot uses a custom CRM; the next event that the API takes clears this",
        }
    }
}

/// 200 when all is well, else 503 with what to mend: for who holds a key. Without one, anybody learns
/// which it is; and the settings as long as there are no keys, for whoever is about to set them.
pub(in crate::relay) async fn report(env: &Env, config: &Config, caller: &Caller) -> Answer {
    let refusal = match &config.api {
        Some(api) => standing::refusal(env, api).await?,
        None => None,
    };
    let ready = config.gaps.is_empty() && refusal.is_none();
    let mut report = Report { ready, settings: None, undelivered: None, api_credentials: None };
    if *caller == Caller::Server || config.relay_keys.is_empty() {
        report.settings = Some(&config.gaps);
    }
    if *caller == Caller::Server {
        report.undelivered = Some(undelivered::totals(env).await?);
        report.api_credentials = refusal.map(Into::into);
    }
    Ok(Response::json(if ready { 200 } else { 503 }, serde_json::to_string(&report)?))
}
