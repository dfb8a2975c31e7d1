//! Requests as they came, and answers as they go.

use serde::Serialize;
use serde_json::{Map, Value, json};
use worker::web_sys::Request;
use worker::{Headers, Response, Result, Url};

use super::access;
use super::cause::Cause;
use super::ticket::MAX_BODY_BYTES;

/// A request, whole.
pub(super) struct Inbound {
    pub(super) method: String,
    pub(super) url: Url,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Inbound {
    /// Reads a request to its end. The method is taken as it was written; the wrapper's own type
    /// makes a `GET` of what it doesn't know.
    pub(super) async fn read(mut request: worker::Request) -> Result<Self> {
        let raw: &Request = request.inner();
        Ok(Self {
            method: raw.method(),
            url: Url::parse(&raw.url())?,
            headers: Headers(raw.headers()).entries().collect(),
            body: request.bytes().await?,
        })
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(super) fn path(&self) -> &str {
        self.url.path()
    }

    /// Path and query.
    pub(super) fn target(&self) -> String {
        match self.url.query() {
            Some(query) => format!("{}?{query}", self.path()),
            None => self.path().to_owned(),
        }
    }

    /// The headers as the journal keeps them: a JSON object, names in lower case.
    pub(super) fn headers_for_journal(&self) -> String {
        let members: Map<String, Value> = self
            .headers
            .iter()
            .map(|(name, value)| match name.as_str() {
                "authorization" => (name.clone(), access::for_journal(value).into()),
                _ => (name.clone(), value.as_str().into()),
            })
            .collect();
        Value::Object(members).to_string()
    }
}

/// Whether the request says of itself that its body is larger than what is read.
pub(super) fn is_too_large(request: &worker::Request) -> bool {
    let length = request.headers().get("content-length").ok().flatten();
    let length = length.and_then(|length| length.parse::<usize>().ok());
    length.is_some_and(|bytes| bytes > MAX_BODY_BYTES)
}

/// An answer.
pub(super) struct Answer {
    pub(super) status: u16,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
}

impl Answer {
    /// A status and nothing else, as the API answers.
    pub(super) const fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: None }
    }

    /// The status of this cause; the documentation knows no body.
    pub(super) fn refused(cause: Cause) -> Self {
        Self::empty(cause.status()).because(cause)
    }

    pub(super) fn because(self, cause: Cause) -> Self {
        self.with_header("x-emulator-cause", cause.code().to_owned())
    }

    pub(super) fn with_header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// None: the Worker closes the connection instead, see `entry.js`.
    pub(super) fn lost() -> Self {
        Self::empty(500).with_header("x-emulator-lost", "1".to_owned())
    }

    /// JSON, as the emulator's own routes answer.
    pub(super) fn json(status: u16, value: &impl Serialize) -> Result<Self> {
        Ok(Self::text(status, serde_json::to_string(value)?))
    }

    /// JSON that is written already.
    pub(super) fn text(status: u16, body: String) -> Self {
        Self::of_type("application/json", status, body)
    }

    /// A body of this media type.
    pub(super) fn of_type(media_type: &str, status: u16, body: String) -> Self {
        Self { body: Some(body), ..Self::empty(status) }.with_header("content-type", media_type.to_owned())
    }

    /// What is wrong with a request to one of the emulator's own routes.
    pub(super) fn error(
        status: u16,
        code: &'static str,
        message: &str,
        problems: &impl Serialize,
    ) -> Result<Self> {
        let error = json!({ "error": { "code": code, "message": message, "problems": problems } });
        Self::json(status, &error)
    }

    pub(super) fn into_response(self) -> Result<Response> {
        let mut response = Response::builder().with_status(self.status).with_header("x-emulator", "1")?;
        for (name, value) in self.headers {
            response = response.with_header(name, &value)?;
        }
        Ok(match self.body {
            Some(body) => response.fixed(body.into_bytes()),
            None => response.empty(),
        })
    }
}
