//! The header `Retry-After`.

use std::time::{Duration, SystemTime};

/// How long to wait, in milliseconds from `now_ms` (since the Unix epoch): the header is a number
/// of seconds or an HTTP date ([RFC 9110, 10.2.3](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3)).
/// `None` where it is neither.
///
/// ```
/// use ticketwire::api::retry_after_ms;
///
/// assert_eq!(retry_after_ms("120", 0), Some(120_000));
/// assert_eq!(retry_after_ms("Thu, 01 Jan 1970 00:01:00 GMT", 15_000), Some(45_000));
/// assert_eq!(retry_after_ms("99999999999999999999", 0), Some(u64::MAX));
/// assert_eq!(retry_after_ms("soon", 0), None);
/// ```
pub fn retry_after_ms(header: &str, now_ms: u64) -> Option<u64> {
    let header = header.trim();
    if header.bytes().all(|byte| byte.is_ascii_digit()) {
        // Digits alone fail to be a number only where they are too many: that is long, not wrong.
        let seconds = (!header.is_empty()).then(|| header.parse::<u64>().unwrap_or(u64::MAX));
        return seconds.map(|seconds| seconds.saturating_mul(1000));
    }
    let date = httpdate::parse_http_date(header).ok()?;
    let now = SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(now_ms))?;
    // A date that has passed means now.
    let wait = date.duration_since(now).unwrap_or_default();
    u64::try_from(wait.as_millis()).ok()
}
