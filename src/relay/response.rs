//! An answer, made in WebAssembly and handed over in one piece.

use std::borrow::Cow;

use wasm_bindgen::JsValue;
use worker::web_sys;

use super::platform;
use super::problem::Problem;

/// What every answer carries. Answers hold what customers wrote: no cache may keep them, no browser guess
/// their type, run or frame them, or tell anybody their addresses, which hold ids. The
/// [OWASP's list for APIs](https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html#security-headers);
/// the year is our choice.
const ALWAYS: [(&str, &str); 5] = [
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("referrer-policy", "no-referrer"),
    ("strict-transport-security", "max-age=31536000"),
];

/// An answer.
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, Cow<'static, str>)>,
    pub(super) body: Body,
}

/// What an answer holds.
pub(super) enum Body {
    Empty,
    Text(Cow<'static, str>),
    /// It goes on.
    Stream(web_sys::ReadableStream),
    /// An open socket, which is the object's own: nothing can be put on that answer.
    Socket(web_sys::Response),
}

impl Response {
    /// Nothing but a status.
    pub(super) const fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Body::Empty }
    }

    /// JSON.
    pub(super) fn json(status: u16, text: impl Into<Cow<'static, str>>) -> Self {
        Self { body: Body::Text(text.into()), ..Self::empty(status) }.with("content-type", "application/json")
    }

    /// Text that goes on, of this type.
    pub(super) fn stream(content_type: &'static str, body: web_sys::ReadableStream) -> Self {
        Self { body: Body::Stream(body), ..Self::empty(200) }.with("content-type", content_type)
    }

    /// An open socket.
    pub(super) fn socket(opened: web_sys::Response) -> Self {
        Self { body: Body::Socket(opened), ..Self::empty(101) }
    }

    /// A problem, as the caller sees it.
    pub(super) fn problem(problem: &Problem) -> Self {
        let answer = Self { body: Body::Text(problem.to_json().into()), ..Self::empty(problem.status()) };
        let headers = problem.headers().iter().map(|(name, value)| (*name, value.clone().into()));
        answer.with("content-type", "application/problem+json").with_all(headers)
    }

    /// The same with a header more.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same with these headers.
    pub(super) fn with_all(
        mut self,
        headers: impl IntoIterator<Item = (&'static str, Cow<'static, str>)>,
    ) -> Self {
        self.headers.extend(headers);
        self
    }

    /// The text that it holds, where it does.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.body {
            Body::Text(text) => Some(text),
            Body::Empty | Body::Stream(_) | Body::Socket(_) => None,
        }
    }

    /// Hands it over.
    pub(super) fn into_platform(self) -> Result<web_sys::Response, JsValue> {
        let more = platform::lines(self.headers.iter().map(|(name, value)| (*name, value)));
        match &self.body {
            Body::Socket(opened) => Ok(Clone::clone(opened)),
            Body::Stream(body) => always(|headers| platform::stream(self.status, headers, &more, body)),
            Body::Empty | Body::Text(_) => {
                always(|headers| platform::respond(self.status, headers, &more, self.text()))
            }
        }
    }
}

/// With what every answer carries, made once.
fn always<T>(then: impl FnOnce(&web_sys::Headers) -> Result<T, JsValue>) -> Result<T, JsValue> {
    thread_local! {
        static HEADERS: Result<web_sys::Headers, JsValue> = {
            let headers = web_sys::Headers::new()?;
            ALWAYS.iter().try_for_each(|(name, value)| headers.set(name, value))?;
            Ok(headers)
        };
    }
    HEADERS.with(|headers| headers.as_ref().map_err(Clone::clone).and_then(then))
}
