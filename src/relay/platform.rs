//! What the platform does for the relay, each in one crossing: see `platform.js`.

use std::cell::RefCell;
use std::collections::BTreeMap;

use js_sys::{Array, ArrayBuffer, Promise, Reflect};
use wasm_bindgen::prelude::*;
use worker::web_sys;

#[wasm_bindgen(module = "/src/relay/platform.js")]
extern "C" {
    /// A new id, method, URL, and these headers as `name:value`, each on a line.
    #[wasm_bindgen(catch)]
    pub(super) fn head(request: &web_sys::Request, names: &Array) -> Result<String, JsValue>;

    /// A URL as the platform reads it.
    #[wasm_bindgen(catch)]
    pub(super) fn normal(url: &str) -> Result<String, JsValue>;

    /// Another header.
    #[wasm_bindgen(catch)]
    pub(super) fn header(request: &web_sys::Request, name: &str) -> Result<Option<String>, JsValue>;

    /// The body, as an [`ArrayBuffer`].
    #[wasm_bindgen(catch)]
    pub(super) fn read(request: &web_sys::Request) -> Result<Promise, JsValue>;

    /// Likewise; `undefined` where it has more bytes.
    #[wasm_bindgen(js_name = readWithin)]
    pub(super) fn read_within(request: &web_sys::Request, max_bytes: f64) -> Promise;

    /// An answer; `more` has headers on lines.
    #[wasm_bindgen(catch)]
    pub(super) fn respond(
        status: u16,
        headers: &web_sys::Headers,
        more: &str,
        body: Option<&str>,
    ) -> Result<web_sys::Response, JsValue>;

    /// An answer that goes on.
    #[wasm_bindgen(catch, js_name = respond)]
    pub(super) fn stream(
        status: u16,
        headers: &web_sys::Headers,
        more: &str,
        body: &web_sys::ReadableStream,
    ) -> Result<web_sys::Response, JsValue>;

    /// Posts; the promise is of a text, and never broken.
    pub(super) fn post(url: &str, headers: &str, body: &ArrayBuffer, timeout_ms: u32) -> Promise;

    /// A variable as text.
    #[wasm_bindgen(catch)]
    pub(super) fn variable(env: &JsValue, name: &str) -> Result<Option<String>, JsValue>;

    /// Runs a statement with these values, a list in JSON.
    #[wasm_bindgen(catch)]
    pub(super) fn execute(sql: &JsValue, statement: &str, values: &str) -> Result<(), JsValue>;

    /// Likewise; answers the rows, in JSON.
    #[wasm_bindgen(catch)]
    pub(super) fn query(sql: &JsValue, statement: &str, values: &str) -> Result<String, JsValue>;

    /// Opens a WebSocket to a Durable Object; the promise is of its [`web_sys::Response`].
    pub(super) fn upgrade(env: &JsValue, binding: &str, name: &str, path: &str) -> Promise;

    /// Calls a Durable Object; the promise is of the text that it answers.
    pub(super) fn call(
        env: &JsValue,
        binding: &str,
        name: &str,
        method: &str,
        path: &str,
        body: Option<&str>,
    ) -> Promise;
}

/// A binding that may be missing: looked up once per isolate, since a deployment starts new ones.
pub(super) fn binding(env: &JsValue, name: &'static str) -> Result<Option<JsValue>, JsValue> {
    thread_local! {
        static KNOWN: RefCell<BTreeMap<&'static str, Option<JsValue>>> = RefCell::default();
    }
    if let Some(known) = KNOWN.with_borrow(|known| known.get(name).cloned()) {
        return Ok(known);
    }
    let found = Reflect::get(env, &name.into())?;
    let found = (!found.is_undefined()).then_some(found);
    KNOWN.with_borrow_mut(|known| known.insert(name, found.clone()));
    Ok(found)
}

/// Headers on lines, as `respond` and `post` take them. One that would make lines of its own is left out.
pub(super) fn lines<V: AsRef<str>>(headers: impl IntoIterator<Item = (&'static str, V)>) -> String {
    let mut lines = String::new();
    for (name, value) in headers {
        let value = value.as_ref();
        if !value.contains('\n') {
            let between = if lines.is_empty() { "" } else { "\n" };
            [between, name, ":", value].into_iter().for_each(|part| lines.push_str(part));
        }
    }
    lines
}
