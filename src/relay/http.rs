//! Requests and responses on workerd, with few crossings between WebAssembly and JavaScript.

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use worker::{Result, web_sys};

use super::problem::Problem;

/// A header of a request; `None` also where the value is not text.
pub(super) fn header(request: &web_sys::Request, name: &str) -> Option<String> {
    request.headers().get(name).ok().flatten()
}

/// Path and query of a URL, as they stand in it.
pub(super) fn path_and_query(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').and_then(|start| rest.get(start..)).unwrap_or("/");
    path.split_once('?').unwrap_or((path, ""))
}

/// The body of a request, which must be JSON by its header.
pub(super) async fn json_body(
    request: &web_sys::Request,
    max_bytes: usize,
) -> std::result::Result<Vec<u8>, Problem> {
    let content_type = header(request, "content-type").unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Problem::wrong_type());
    }
    body(request, max_bytes).await
}

/// The body of a request. Of one that is too large no more than the limit is read: nothing where
/// its length is declared, else until the limit is passed.
pub(super) async fn body(
    request: &web_sys::Request,
    max_bytes: usize,
) -> std::result::Result<Vec<u8>, Problem> {
    let length = header(request, "content-length").and_then(|length| length.parse::<usize>().ok());
    let read = match length {
        Some(length) if length > max_bytes => return Err(Problem::too_large(max_bytes)),
        Some(_) => whole(request).await.map(Some),
        None => chunks(request, max_bytes).await,
    };
    match read {
        Ok(Some(body)) => Ok(body),
        Ok(None) => Err(Problem::too_large(max_bytes)),
        Err(_) => Err(Problem::body_cut_off()),
    }
}

async fn whole(request: &web_sys::Request) -> std::result::Result<Vec<u8>, JsValue> {
    let buffer = JsFuture::from(request.array_buffer()?).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Reads a body of unknown length; `None` when it passes the limit.
async fn chunks(
    request: &web_sys::Request,
    max_bytes: usize,
) -> std::result::Result<Option<Vec<u8>>, JsValue> {
    let Some(stream) = request.body() else {
        return Ok(Some(Vec::new()));
    };
    let reader: web_sys::ReadableStreamDefaultReader = stream.get_reader().dyn_into()?;
    let mut body = Vec::new();
    loop {
        let chunk = JsFuture::from(reader.read()).await?;
        if Reflect::get(&chunk, &"done".into())?.is_truthy() {
            return Ok(Some(body));
        }
        let bytes: Uint8Array = Reflect::get(&chunk, &"value".into())?.dyn_into()?;
        if body.len() + bytes.length() as usize > max_bytes {
            // Nobody waits for it: the rest of the body is of no interest.
            let _ = reader.cancel();
            return Ok(None);
        }
        body.extend(bytes.to_vec());
    }
}

/// An answer without a body.
pub(super) fn empty(headers: &[(&str, &str)]) -> Result<web_sys::Response> {
    respond(200, None, headers)
}

/// An answer of JSON.
pub(super) fn json(status: u16, body: &str) -> Result<web_sys::Response> {
    respond(status, Some(body), &[("content-type", "application/json")])
}

/// An answer that goes on.
pub(super) fn stream(content_type: &str, body: &web_sys::ReadableStream) -> Result<web_sys::Response> {
    let init = init(200, &[("content-type", content_type)])?;
    Ok(web_sys::Response::new_with_opt_readable_stream_and_init(Some(body), &init)?)
}

/// A problem, as the caller sees it.
pub(super) fn problem(problem: &Problem) -> Result<web_sys::Response> {
    let mut headers = vec![("content-type", "application/problem+json")];
    headers.extend(problem.headers().iter().map(|(name, value)| (*name, value.as_str())));
    respond(problem.status(), Some(&problem.to_json()), &headers)
}

pub(super) fn respond(
    status: u16,
    body: Option<&str>,
    headers: &[(&str, &str)],
) -> Result<web_sys::Response> {
    Ok(web_sys::Response::new_with_opt_str_and_init(body, &init(status, headers)?)?)
}

fn init(status: u16, headers: &[(&str, &str)]) -> Result<web_sys::ResponseInit> {
    let all = web_sys::Headers::new()?;
    headers.iter().try_for_each(|(name, value)| all.set(name, value))?;
    let init = web_sys::ResponseInit::new();
    init.set_status(status);
    init.set_headers(&all);
    Ok(init)
}
