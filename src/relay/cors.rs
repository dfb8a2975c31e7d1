//! Which web pages may call, and what their browsers are told
//! ([the Fetch standard](https://fetch.spec.whatwg.org/#http-cors-protocol)).

use std::borrow::Cow;

use super::keys::words;

/// What a page may send: our choice, all that the relay reads.
const REQUEST_HEADERS: &str =
    "authorization, content-type, botid, idempotency-key, prefer, last-event-id, traceparent";

/// What a page may read of an answer: our choice, all that the relay answers.
const ANSWER_HEADERS: &str = "ticketwire-event, ticketwire-warnings, idempotency-replayed, \
     preference-applied, location, retry-after, x-request-id, www-authenticate";

/// How long a browser may remember a preflight, in seconds. Our choice.
const MAX_AGE_S: &str = "600";

/// Headers of an answer.
pub(super) type Headers = Vec<(&'static str, Cow<'static, str>)>;

/// The origins of pages that may call: `ALLOWED_ORIGINS`.
#[derive(Debug, Default)]
pub(super) struct Origins(Vec<String>);

impl Origins {
    /// What each has to look like.
    pub(super) const EXPECTED: &str = "expected exact origins as browsers send them, such as `https://crm.example` or `http://localhost:8080`, separated by commas: no `*`, no path, no slash at the end; `null` for sandboxed frames";

    /// The origins in a setting, separated by commas or white space; `None` where one is not one.
    pub(super) fn parse(setting: &str) -> Option<Self> {
        let origins: Vec<_> = words(setting).map(str::to_owned).collect();
        origins.iter().all(|origin| is_origin(origin)).then_some(Self(origins))
    }

    /// Whether a page from here may call. Of a WebSocket no browser asks that.
    pub(super) fn list(&self, origin: &str) -> bool {
        self.0.iter().any(|listed| listed == origin)
    }

    /// What an answer carries for a page of this origin. Credentials are never allowed: a key
    /// travels in a header that the page sets itself.
    pub(super) fn of_answer(&self, origin: Option<&str>) -> Headers {
        let mut headers = self.allow(origin);
        if !headers.is_empty() {
            headers.push(("access-control-expose-headers", ANSWER_HEADERS.into()));
        }
        headers.extend(self.vary());
        headers
    }

    /// What the answer to a preflight carries.
    pub(super) fn of_preflight(&self, origin: &str, methods: &'static str) -> Headers {
        let mut headers = self.allow(Some(origin));
        if !headers.is_empty() {
            headers.extend([
                ("access-control-allow-methods", methods.into()),
                ("access-control-allow-headers", REQUEST_HEADERS.into()),
                ("access-control-max-age", MAX_AGE_S.into()),
            ]);
        }
        headers.extend(self.vary());
        headers
    }

    fn allow(&self, origin: Option<&str>) -> Headers {
        let listed = origin.filter(|origin| self.list(origin));
        listed.map(|origin| ("access-control-allow-origin", origin.to_owned().into())).into_iter().collect()
    }

    /// A cache must not give one page the answer to another, nor to none.
    fn vary(&self) -> Option<(&'static str, Cow<'static, str>)> {
        (!self.0.is_empty()).then_some(("vary", Cow::Borrowed("Origin")))
    }
}

/// Whether this is an origin as a browser writes one
/// ([RFC 6454](https://www.rfc-editor.org/rfc/rfc6454#section-6.1)): lower case, and no port where
/// it is the scheme's own, or no page would ever match it.
fn is_origin(text: &str) -> bool {
    if text == "null" {
        return true;
    }
    let Some((scheme, authority)) = text.split_once("://") else {
        return false;
    };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    is_scheme(scheme) && is_host(host) && port.is_none_or(|port| is_port(scheme, port))
}

/// Of pages, and of a browser's extensions.
fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|first: char| first.is_ascii_lowercase())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+-.".contains(&byte))
}

/// A name in ASCII, or an address.
fn is_host(host: &str) -> bool {
    let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => {
            address.parse::<std::net::Ipv6Addr>().is_ok_and(|parsed| parsed.to_string() == address)
        }
        None => !host.is_empty() && host.bytes().all(|byte| lower(byte) || b"-._".contains(&byte)),
    }
}

fn is_port(scheme: &str, port: &str) -> bool {
    let is_default = matches!((scheme, port), ("https", "443") | ("http", "80"));
    !is_default && port.parse::<u16>().is_ok_and(|number| number.to_string() == port)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "https://crm.example";

    fn value<'a>(headers: &'a Headers, name: &str) -> Option<&'a str> {
        headers.iter().find(|(key, _)| *key == name).map(|(_, value)| &**value)
    }

    #[test]
    fn origins_are_as_browsers_send_them() {
        for origin in [
            "null",
            "https://crm.example",
            "https://crm.example:8443",
            "http://localhost:8080",
            "http://127.0.0.1:3000",
            "http://[::1]:3000",
            "https://xn--bcher-kva.example",
            "chrome-extension://abcdefghijklmnop",
        ] {
            assert!(is_origin(origin), "{origin}");
        }
        for origin in [
            "*",
            "",
            "NULL",
            "crm.example",
            "https://",
            "https://*.crm.example",
            "https://crm.example/",
            "https://crm.example/path",
            "https://crm.example?q",
            "https://crm.example#f",
            "https://user@crm.example",
            "https://crm.example:443",
            "http://crm.example:80",
            "https://crm.example:",
            "https://crm.example:080",
            "https://crm.example:65536",
            "https://CRM.example",
            "HTTPS://crm.example",
            "https://bücher.example",
            "http://[::1",
            "http://[0:0::1]",
            "://crm.example",
        ] {
            assert!(!is_origin(origin), "{origin}");
        }
    }

    #[test]
    fn several_are_separated_by_commas_or_white_space() {
        let origins = Origins::parse("https://a.example, https://b.example\nnull").unwrap();
        assert_eq!(origins.0, ["https://a.example", "https://b.example", "null"]);
        assert!(Origins::parse("https://a.example, *").is_none());
        assert!(Origins::parse(" ,").is_some_and(|origins| origins.0.is_empty()));
    }

    #[test]
    fn only_a_listed_page_is_told_anything() {
        let origins = Origins::parse(PAGE).unwrap();
        let answer = origins.of_answer(Some(PAGE));
        assert_eq!(value(&answer, "access-control-allow-origin"), Some(PAGE));
        assert!(value(&answer, "access-control-expose-headers").is_some());
        for other in [None, Some("https://crm.example.evil"), Some("https://crm.exampl"), Some("null")] {
            let only_vary = vec![("vary", "Origin".into())];
            assert_eq!(origins.of_answer(other), only_vary, "{other:?}");
            assert_eq!(origins.of_preflight(other.unwrap_or_default(), "GET"), only_vary, "{other:?}");
        }
        assert!(Origins::default().of_answer(Some(PAGE)).is_empty());
        assert!(Origins::default().of_preflight("null", "GET").is_empty());
    }

    #[test]
    fn a_preflight_is_told_what_the_route_takes() {
        let headers = Origins::parse(PAGE).unwrap().of_preflight(PAGE, "GET, OPTIONS");
        assert_eq!(value(&headers, "access-control-allow-methods"), Some("GET, OPTIONS"));
        assert_eq!(value(&headers, "access-control-max-age"), Some("600"));
        assert!(value(&headers, "access-control-allow-credentials").is_none());
        assert!(value(&headers, "access-control-allow-headers").is_some_and(|all| all.contains("botid")));
    }
}
