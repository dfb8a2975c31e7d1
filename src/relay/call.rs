//! A call of the relay, as it stands in the body of `POST /calls`.

use std::borrow::Cow;

use super::members::{Known, Names, Reader, find};
use crate::event::{Fault, Rejected};
use crate::limits::Limits;

const MEMBERS: Names = Names::exactly(&["method", "path", "headers", "body"]);

/// All that the routes read which can be called: what says where a request comes from is not the
/// caller's to say.
const HEADERS: Names =
    Names::in_any_case(&["authorization", "botid", "idempotency-key", "prefer", "traceparent"]);

/// Those that the platform knows, so that a route can answer which it takes.
const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

/// What is asked for.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) method: Cow<'a, str>,
    /// With its query.
    pub(super) path: Cow<'a, str>,
    pub(super) headers: Vec<(&'static str, Cow<'a, str>)>,
    /// As it stands there, byte for byte.
    pub(super) body: Option<&'a str>,
}

impl<'a> Call<'a> {
    /// Reads the body of a request: everything that is wrong with it, at once. What stands in the call's
    /// own body is its route's to check.
    pub(super) fn read(body: &'a [u8], limits: &Limits) -> Result<Self, Rejected> {
        let mut reader = Reader::new(limits);
        let members = reader.whole(body, &MEMBERS)?;
        let call = Self::of(&members, &mut reader);
        reader.conclude(call)
    }

    fn of(members: &[Known<'a>], reader: &mut Reader) -> Option<Self> {
        let body = find(members, "body");
        let method = find(members, "method").map(|value| method(value, reader));
        let path = path(find(members, "path"), reader);
        let headers = find(members, "headers").map(|value| headers(value, reader));
        let default = if body.is_some() { "POST" } else { "GET" };
        let method = method.unwrap_or(Some(default.into()))?;
        if body.is_some() && matches!(method.as_ref(), "GET" | "HEAD") {
            reader.note("/body".into(), Fault::Unexpected { expected: "no body with GET or HEAD" });
        }
        Some(Self { method, path: path?, headers: headers.unwrap_or_default(), body })
    }
}

fn method<'v>(value: &'v str, reader: &mut Reader) -> Option<Cow<'v, str>> {
    let is_known = |method: &str| METHODS.split(", ").any(|known| known == method);
    reader.text_that("/method", value, is_known, METHODS)
}

fn path<'v>(value: Option<&'v str>, reader: &mut Reader) -> Option<Cow<'v, str>> {
    let expected = "a path of the relay, such as `/conversations/case-1?after=3`, percent-encoded";
    match value {
        Some(value) => reader.text_that("/path", value, is_path, expected),
        None => reader.fault("/path".into(), Fault::Missing { expected }),
    }
}

/// Nothing that a parser of URLs would leave out.
fn is_path(text: &str) -> bool {
    let is_legal = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'#' | b'\\');
    text.starts_with('/') && text.bytes().all(is_legal)
}

fn headers<'v>(value: &'v str, reader: &mut Reader) -> Vec<(&'static str, Cow<'v, str>)> {
    let expected = "visible ASCII characters and spaces";
    let members = reader.object("/headers", value, &HEADERS);
    let text = |(name, value)| {
        let text = reader.text_that(&format!("/headers/{name}"), value, is_header, expected);
        Some((name, text?))
    };
    members.into_iter().filter_map(text).collect()
}

fn is_header(text: &str) -> bool {
    text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issues(body: &str) -> Vec<(String, &'static str)> {
        let rejected = Call::read(body.as_bytes(), &Limits::default()).unwrap_err();
        rejected.issues().iter().map(|issue| (issue.pointer().to_owned(), issue.code())).collect()
    }

    #[test]
    fn a_path_is_all_that_is_needed() {
        let read = |body: &'static str| Call::read(body.as_bytes(), &Limits::default()).unwrap();
        let call = read(r#"{"path":"/ready?a=b"}"#);
        assert_eq!((call.method.as_ref(), call.path.as_ref()), ("GET", "/ready?a=b"));
        assert!(call.headers.is_empty() && call.body.is_none());
        assert_eq!(read(r#"{"path":"/","body":null}"#).method, "POST");
        assert_eq!(read(r#"{"path":"/","method":"DELETE"}"#).method, "DELETE");
    }

    #[test]
    fn the_body_stays_as_it_is() {
        let body = "{ \"text\" :\t\"\\u00e4 \\ud83d\",\n \"text\":1e400 }";
        let text = format!(r#"{{"path":"/converse/ticket","body": {body} }}"#);
        let call = Call::read(text.as_bytes(), &Limits::default()).unwrap();
        assert_eq!((call.method.as_ref(), call.body), ("POST", Some(body)));
    }

    #[test]
    fn headers_are_known_in_any_case() {
        let body = r#"{"path":"/","headers":{"Authorization":"Bearer a","IDEMPOTENCY-KEY":""}}"#;
        let call = Call::read(body.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(call.headers, [("authorization", "Bearer a".into()), ("idempotency-key", "".into())]);
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let all = r#"{"url":"/","method":"get","headers":{"X-Key":"a","prefer":1,"Prefer":"a","botid":"ä"},"headers":{},"body":1}"#;
        let expected = [
            ("/url", "unknown-member"),
            ("/headers", "duplicate-member"),
            ("/method", "unexpected-value"),
            ("/path", "missing-member"),
            ("/headers/X-Key", "unknown-member"),
            ("/headers/Prefer", "duplicate-member"),
            ("/headers/prefer", "wrong-type"),
            ("/headers/botid", "unexpected-value"),
        ];
        assert_eq!(issues(all), expected.map(|(pointer, code)| (pointer.to_owned(), code)));
        let near = r#"{"path":"/","headers":{"Idempotency_Key":"a"}}"#;
        let rejected = Call::read(near.as_bytes(), &Limits::default()).unwrap_err();
        assert!(rejected.issues()[0].fault().to_string().contains("did you mean `idempotency-key`?"));
    }

    #[test]
    fn each_fault_has_its_place() {
        for (body, pointer, code) in [
            ("", "", "no-body"),
            ("{", "", "not-json"),
            (r#"{"path":"/"} {}"#, "", "not-json"),
            ("[]", "", "wrong-type"),
            (r#"{"path":null}"#, "/path", "wrong-type"),
            (r#"{"path":""}"#, "/path", "unexpected-value"),
            (r#"{"path":"ready"}"#, "/path", "unexpected-value"),
            (r#"{"path":"https://a.example/ready"}"#, "/path", "unexpected-value"),
            (r#"{"path":"/conversations/a b"}"#, "/path", "unexpected-value"),
            (r#"{"path":"/conversations/ä"}"#, "/path", "unexpected-value"),
            (r#"{"path":"/conversations/a#b"}"#, "/path", "unexpected-value"),
            (r#"{"path":"/conversations\\a"}"#, "/path", "unexpected-value"),
            (r#"{"path":"/\ud83d"}"#, "/path", "lone-surrogate"),
            (r#"{"path":"/","method":"BREW"}"#, "/method", "unexpected-value"),
            (r#"{"path":"/","method":"GET","body":{}}"#, "/body", "unexpected-value"),
            (r#"{"path":"/","method":"HEAD","body":null}"#, "/body", "unexpected-value"),
            (r#"{"path":"/","headers":[]}"#, "/headers", "wrong-type"),
            (r#"{"path":"/","headers":{"a/b":""}}"#, "/headers/a~1b", "unknown-member"),
            (r#"{"path":"/","headers":{"origin":"https://a.example"}}"#, "/headers/origin", "unknown-member"),
            (r#"{"path":"/","headers":{"botid":"a\nb"}}"#, "/headers/botid", "unexpected-value"),
        ] {
            assert_eq!(issues(body), [(pointer.to_owned(), code)], "{body}");
        }
    }

    #[test]
    fn what_is_beyond_the_limit_is_counted() {
        let names: Vec<_> = (0..1_000).map(|name| format!(r#""{name}":0"#)).collect();
        let body = format!(r#"{{"path":"/",{}}}"#, names.join(","));
        let rejected = Call::read(body.as_bytes(), &Limits::default()).unwrap_err();
        assert_eq!((rejected.issues().len(), rejected.omitted()), (100, 900));
    }
}
