//! Where the API lives.

use std::fmt;

/// The root under which the API's paths live: a preset, or any URL.
///
/// ```
/// use ticketwire::api::BaseUrl;
///
/// assert_eq!(BaseUrl::parse("eu")?.as_str(), "https://api.ultimate.ai");
/// assert_eq!(BaseUrl::parse("https://crm.zendesk.com/ai-agents/api/")?.as_str(), "https://crm.zendesk.com/ai-agents/api");
/// assert!(BaseUrl::parse("http://example.com").is_err(), "the key would travel in the clear");
/// # Ok::<(), ticketwire::api::BadBaseUrl>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// The European host, from the vendor's
    /// [reference page](https://developer.zendesk.com/api-reference/ai-agents/ticket/ticket).
    pub const EU: &'static str = "https://api.ultimate.ai";

    /// The host in the United States. Unverified for tickets: the vendor states it for the export
    /// of data only.
    pub const US: &'static str = "https://api.us.ultimate.ai";

    /// `eu`, `us`, or a URL. `https` is required but for loopback, where the emulator runs.
    ///
    /// # Errors
    ///
    /// [`BadBaseUrl`], which says what is taken.
    pub fn parse(text: &str) -> Result<Self, BadBaseUrl> {
        match text.trim() {
            preset if preset.eq_ignore_ascii_case("eu") => Ok(Self(Self::EU.to_owned())),
            preset if preset.eq_ignore_ascii_case("us") => Ok(Self(Self::US.to_owned())),
            url if is_safe(url) => Ok(Self(without_endpoint(url).to_owned())),
            _ => Err(BadBaseUrl),
        }
    }

    /// The URL, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The root alone: a pasted URL may have slashes at its end, or be that of the endpoint.
fn without_endpoint(url: &str) -> &str {
    let url = url.trim_end_matches('/');
    url.strip_suffix(super::request::PATH).unwrap_or(url)
}

/// Whether this is an absolute URL of an origin and perhaps a path, and safe to send a
/// key, or what a customer wrote, to.
pub(crate) fn is_safe(url: &str) -> bool {
    let secure = url.strip_prefix("https://");
    let plain = url.strip_prefix("http://").filter(|rest| is_loopback(host(authority(rest))));
    let Some(rest) = secure.or(plain) else {
        return false;
    };
    let authority = authority(rest);
    let port = authority.strip_prefix(host(authority)).unwrap_or_default();
    is_host(host(authority))
        && is_port(port)
        && rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#@\\".contains(&byte))
}

fn authority(rest: &str) -> &str {
    rest.split('/').next().unwrap_or_default()
}

/// The host of an authority; an IPv6 address keeps its brackets.
fn host(authority: &str) -> &str {
    match authority.split_once(']') {
        Some((address, _)) => authority.get(..=address.len()).unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

fn is_host(host: &str) -> bool {
    let inner = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match inner {
        Some(address) => {
            !address.is_empty() && address.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':')
        }
        None => {
            !host.is_empty()
                && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
        }
    }
}

fn is_port(port: &str) -> bool {
    let is_number = |digits: &str| {
        digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.parse::<u16>().is_ok_and(|port| port > 0)
    };
    port.is_empty() || port.strip_prefix(':').is_some_and(is_number)
}

fn is_loopback(host: &str) -> bool {
    is_loopback_v4(host) || host == "[::1]" || host == "localhost"
}

/// 127 and three more numbers.
fn is_loopback_v4(host: &str) -> bool {
    let mut parts = host.split('.');
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()) && part.parse::<u8>().is_ok();
    parts.next() == Some("127") && parts.clone().count() == 3 && parts.all(is_number)
}

/// The text is no base URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadBaseUrl;

impl fmt::Display for BadBaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "expected `eu`, `us`, or an https URL without user, query and fragment (http only for loopback)",
        )
    }
}

impl std::error::Error for BadBaseUrl {}

#[cfg(test)]
mod tests {
    use super::BaseUrl;

    #[test]
    fn only_urls_that_a_key_may_go_to_are_taken() {
        for (text, expected) in [
            ("eu", Some("https://api.ultimate.ai")),
            (" us ", Some("https://api.us.ultimate.ai")),
            ("https://example.com", Some("https://example.com")),
            ("https://example.com:8443/a/b//", Some("https://example.com:8443/a/b")),
            ("http://127.0.0.1:8788", Some("http://127.0.0.1:8788")),
            ("http://localhost:8788/", Some("http://localhost:8788")),
            ("http://[::1]:8788", Some("http://[::1]:8788")),
            ("http://127.0.0.1.example.com", None),
            ("http://localhost.example.com", None),
            ("http://example.com", None),
            ("http://localhost@example.com", None),
            ("https://user:pass@example.com", None),
            ("https://example.com?x=1", None),
            ("https://example.com/#x", None),
            ("EU", Some("https://api.ultimate.ai")),
            ("https://example.com/converse/ticket/", Some("https://example.com")),
            ("https://example.com:99999", None),
            ("https://example.com:+443", None),
            ("https://example.com:0", None),
            ("https://example.com:", None),
            ("https://exa mple.com", None),
            ("https://", None),
            ("https:///path", None),
            ("ftp://example.com", None),
            ("example.com", None),
            ("", None),
        ] {
            assert_eq!(BaseUrl::parse(text).ok().as_ref().map(BaseUrl::as_str), expected, "{text}");
        }
    }
}
