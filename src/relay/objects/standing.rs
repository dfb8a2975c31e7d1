//! How the relay stands with the API: whether it takes our credentials.
//!
//! One Durable Object for all isolates, so that `/ready` knows what any of them has met. A refusal
//! is kept with a digest of the credentials: new ones start with a clean record.

use std::cell::Cell;

use serde::{Deserialize, Serialize};
use worker::{DurableObject, Env, Request, Response, Result, State, durable_object};

use super::Object;
use super::storage::{Storage, integer};
use crate::api::Outcome;
use crate::relay::clock::now_ms;
use crate::relay::config::Api;

const MIGRATIONS: &[&[&str]] = &[&["CREATE TABLE refusal (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    credentials TEXT NOT NULL,
    status INTEGER NOT NULL,
    since_ms INTEGER NOT NULL
)"]];

/// How long a report of an isolate stands before it is made again, in milliseconds. There are many
/// isolates, and what one has reported another may have overwritten since.
const REPORT_AGAIN_MS: u64 = 10_000;

thread_local! {
    /// What this isolate reported last, and when: not every event costs a call.
    static REPORTED: Cell<Option<(Option<u16>, u64)>> = const { Cell::new(None) };
}

/// The record.
#[durable_object(fetch)]
pub struct Standing {
    storage: Storage,
}

/// A refusal of our credentials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::relay) struct Refusal {
    /// Digest of what was refused.
    credentials: String,
    /// The API's answer.
    pub(in crate::relay) status: u16,
    /// Since when, in milliseconds since the Unix epoch.
    pub(in crate::relay) since_ms: u64,
}

impl DurableObject for Standing {
    fn new(state: State, _: Env) -> Self {
        Self { storage: Storage::new(&state, MIGRATIONS) }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        match request.inner().method().as_str() {
            "PUT" => self.refused(&request.json().await?)?,
            "DELETE" => self.accepted()?,
            _ => return Response::from_json(&self.refusal()?),
        }
        Response::empty()
    }
}

impl Standing {
    /// Keeps the first refusal of these credentials; its time is when the trouble began.
    fn refused(&self, refusal: &Refusal) -> Result<()> {
        self.storage.prepare()?;
        self.storage.run(
            "INSERT INTO refusal (only, credentials, status, since_ms) VALUES (1, ?1, ?2, ?3)
             ON CONFLICT (only) DO UPDATE SET credentials = ?1, status = ?2, since_ms = ?3
             WHERE credentials <> ?1 OR status <> ?2",
            vec![
                refusal.credentials.as_str().into(),
                integer(refusal.status.into()),
                integer(refusal.since_ms),
            ],
        )
    }

    fn accepted(&self) -> Result<()> {
        if self.storage.is_used()? {
            self.storage.run("DELETE FROM refusal", vec![])?;
        }
        Ok(())
    }

    fn refusal(&self) -> Result<Option<Refusal>> {
        if !self.storage.is_used()? {
            return Ok(None);
        }
        self.storage.row("SELECT credentials, status, since_ms FROM refusal", vec![])
    }
}

/// What an answer of the API says about our credentials, if anything.
fn said(outcome: Outcome) -> Option<Option<u16>> {
    match outcome {
        Outcome::Acknowledged => Some(None),
        Outcome::CredentialsRefused(status) => Some(Some(status)),
        _ => None,
    }
}

/// Whether that is nothing, or what this isolate has noted a moment ago.
pub(in crate::relay) fn is_noted(outcome: Outcome) -> bool {
    let now_ms = now_ms();
    let is_known = |refused| {
        REPORTED.get().is_some_and(|(last, at_ms)| last == refused && now_ms < at_ms + REPORT_AGAIN_MS)
    };
    said(outcome).is_none_or(is_known)
}

/// Notes it.
pub(in crate::relay) async fn note(env: &Env, api: &Api, outcome: Outcome) -> Result<()> {
    let Some(refused) = said(outcome).filter(|_| !is_noted(outcome)) else {
        return Ok(());
    };
    let now_ms = now_ms();
    let object = Object::standing(env);
    match refused {
        None => object.call("DELETE", "/", None).await?,
        Some(status) => {
            let refusal = Refusal { credentials: api.digest(), status, since_ms: now_ms };
            object.call("PUT", "/", Some(&serde_json::to_string(&refusal)?)).await?
        }
    };
    REPORTED.set(Some((refused, now_ms)));
    Ok(())
}

/// The refusal that these credentials have met, if they have.
pub(in crate::relay) async fn refusal(env: &Env, api: &Api) -> Result<Option<Refusal>> {
    let refusal: Option<Refusal> = Object::standing(env).ask("GET", "/", None).await?;
    Ok(refusal.filter(|refusal| refusal.credentials == api.digest()))
}
