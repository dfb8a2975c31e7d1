//! A request, and how its body is read.

use std::borrow::Cow;

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use worker::web_sys;

use super::call::Call;
use super::platform;
use super::problem::Problem;
use super::work::settled;

/// The headers that the busiest routes read: they come along with the request, others when asked for.
const READ: [&str; 8] = [
    "authorization",
    "botid",
    "content-length",
    "content-type",
    "idempotency-key",
    "origin",
    "prefer",
    "traceparent",
];

/// What says where a request comes from; a call's own `traceparent` goes before one around it.
const KEPT: [&str; 3] = ["origin", "cf-connecting-ip", "traceparent"];

/// A request, of which all is here but the body.
pub(super) struct Request {
    /// An id of our own, method, URL, and headers as `name:value`, each on a line.
    head: String,
    body: Body,
}

enum Body {
    /// Still with the platform.
    Unread(web_sys::Request),
    /// In the body of another request.
    Here(Vec<u8>),
}

/// The bytes of a body.
pub(super) struct Bytes {
    bytes: Vec<u8>,
    /// The same as the platform has them, where it does: so they can go on without being copied again.
    buffer: Option<ArrayBuffer>,
}

impl Request {
    /// As it comes in.
    pub(super) fn of(request: web_sys::Request) -> Result<Self, JsValue> {
        thread_local! {
            static NAMES: Array = READ.into_iter().map(JsValue::from_str).collect();
        }
        let head = NAMES.with(|names| platform::head(&request, names))?;
        Ok(Self { head, body: Body::Unread(request) })
    }

    /// The call in the body of this one, as if it had come by itself.
    pub(super) fn unfolded(&self, call: &Call<'_>) -> Result<Self, JsValue> {
        let kept = KEPT.into_iter().filter_map(|name| Some((name, self.header(name)?)));
        let own = call.headers.iter().map(|(name, value)| (*name, value.clone()));
        let json = ("content-type", "application/json".into());
        let headers = platform::lines(own.chain(kept).chain([json]));
        let url = platform::normal(&format!("https://relay{}", call.path))?;
        let head = format!("{}\n{}\n{url}\n{headers}", self.id(), call.method);
        Ok(Self { head, body: Body::Here(call.body.unwrap_or_default().into()) })
    }

    /// An id, made by us: a caller's own could be anything.
    pub(super) fn id(&self) -> &str {
        self.line(0)
    }

    /// The method.
    pub(super) fn method(&self) -> &str {
        self.line(1)
    }

    /// The URL.
    pub(super) fn url(&self) -> &str {
        self.line(2)
    }

    /// Its path and query, as they stand there.
    pub(super) fn path_and_query(&self) -> (&str, &str) {
        path_and_query(self.url())
    }

    fn line(&self, number: usize) -> &str {
        self.head.split('\n').nth(number).unwrap_or_default()
    }

    /// A header, by its name in lower case.
    pub(super) fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        match &self.body {
            Body::Unread(request) if !READ.contains(&name) => {
                platform::header(request, name).ok().flatten().map(Cow::Owned)
            }
            Body::Unread(_) | Body::Here(_) => {
                let mut lines = self.head.split('\n').skip(3);
                lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(Cow::Borrowed)
            }
        }
    }

    /// The body, which must be JSON by its header.
    pub(super) async fn json(&self, max_bytes: usize) -> Result<Bytes, Problem> {
        let content_type = self.header("content-type").unwrap_or_default();
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            return Err(Problem::wrong_type());
        }
        self.bytes(max_bytes).await
    }

    /// The body. Of one that is too large no more than the limit is read: nothing where its length is
    /// declared, else until the limit is passed.
    pub(super) async fn bytes(&self, max_bytes: usize) -> Result<Bytes, Problem> {
        let length = self.header("content-length").and_then(|length| length.parse::<usize>().ok());
        let length = if let Body::Here(bytes) = &self.body { Some(bytes.len()) } else { length };
        let read = match (&self.body, length) {
            (_, Some(length)) if length > max_bytes => return Err(Problem::too_large(max_bytes)),
            (Body::Here(bytes), _) => return Ok(Bytes { bytes: bytes.clone(), buffer: None }),
            (Body::Unread(request), Some(_)) => platform::read(request),
            (Body::Unread(request), None) => Ok(platform::read_within(request, max_bytes as f64)),
        };
        let read = async { settled(read?).await }.await;
        match read.map(JsCast::dyn_into) {
            Ok(Ok(buffer)) => Ok(Bytes::of(buffer)),
            Ok(Err(_)) => Err(Problem::too_large(max_bytes)),
            Err(_) => Err(Problem::body_cut_off()),
        }
    }
}

impl Bytes {
    fn of(buffer: ArrayBuffer) -> Self {
        Self { bytes: Uint8Array::new(&buffer).to_vec(), buffer: Some(buffer) }
    }

    /// As the platform has them.
    pub(super) fn buffer(&self) -> ArrayBuffer {
        self.buffer.clone().unwrap_or_else(|| buffer(&self.bytes))
    }
}

impl std::ops::Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

/// These bytes for the platform.
pub(super) fn buffer(bytes: &[u8]) -> ArrayBuffer {
    Uint8Array::from(bytes).buffer()
}

/// Path and query of a URL, as they stand in it.
pub(super) fn path_and_query(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').and_then(|start| rest.get(start..)).unwrap_or("/");
    path.split_once('?').unwrap_or((path, ""))
}
