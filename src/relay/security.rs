//! The headers that every answer carries, whatever it is.

use worker::{Result, web_sys};

/// Answers hold what customers wrote: no cache may keep them, no browser guess their type, run or
/// frame them, or tell anybody their addresses, which hold ids. The
/// [OWASP's list for APIs](https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html#security-headers);
/// the year is our choice.
const HEADERS: [(&str, &str); 5] = [
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("referrer-policy", "no-referrer"),
    ("strict-transport-security", "max-age=31536000"),
];

/// Puts them on.
pub(super) fn secure(headers: &web_sys::Headers) -> Result<()> {
    Ok(HEADERS.iter().try_for_each(|(name, value)| headers.set(name, value))?)
}
