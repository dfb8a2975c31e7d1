//! What one would write with the `worker` crate as its documentation has it: read, check, forward.

use serde::{Deserialize, Serialize};
use worker::{
    AbortSignal, Context, Env, Fetch, Headers, Method, Request, RequestInit, RequestRedirect, Response, Result,
    event,
};

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TicketEvent {
    platform_conversation_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default = "public_api")]
    platform: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    meta_data: Vec<Variable>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Variable {
    key: String,
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sanitize: Option<bool>,
}

fn public_api() -> String {
    "PUBLIC_API".to_owned()
}

impl TicketEvent {
    fn is_valid(&self) -> bool {
        let is_name = |text: &str, max: usize| (1..=max).contains(&text.len());
        is_name(&self.platform_conversation_id, 256)
            && self.text.as_ref().is_none_or(|text| text.len() <= 512 * 1024)
            && is_name(&self.platform, 64)
            && self.meta_data.len() <= 100
            && self.meta_data.iter().all(|each| is_name(&each.key, 256) && each.value.len() <= 16 * 1024)
    }
}

#[event(fetch)]
async fn fetch(mut request: Request, env: Env, _: Context) -> Result<Response> {
    if request.method() != Method::Post || request.path() != "/converse/ticket" {
        return Response::error("not found", 404);
    }
    let expected = format!("Bearer {}", env.var("RELAY_KEYS")?);
    if request.headers().get("authorization")?.as_deref() != Some(&expected) {
        return Response::error("unauthorized", 401);
    }
    let event: TicketEvent = match request.json().await {
        Ok(event) => event,
        Err(error) => return Response::error(error.to_string(), 400),
    };
    if !event.is_valid() {
        return Response::error("invalid event", 400);
    }
    let headers = Headers::new();
    headers.set("content-type", "application/json")?;
    headers.set("authorization", &env.var("API_KEY")?.to_string())?;
    headers.set("botid", &env.var("BOT_ID")?.to_string())?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_headers(headers)
        .with_redirect(RequestRedirect::Manual)
        .with_body(Some(serde_json::to_string(&event)?.into()));
    let url = format!("{}/converse/ticket", env.var("API_BASE_URL")?);
    let onward = Request::new_with_init(&url, &init)?;
    let signal = AbortSignal::from(worker::web_sys::AbortSignal::timeout_with_u32(10_000));
    let answer = Fetch::Request(onward).send_with_signal(&signal).await?;
    if answer.status_code() == 200 { Response::empty() } else { Response::error("api failed", 502) }
}
