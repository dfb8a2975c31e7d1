//! The platform's clock. It stands still between two waits, so that nobody can time what is computed.

/// Now, in milliseconds since the Unix epoch.
pub(super) fn now_ms() -> u64 {
    js_sys::Date::now() as u64
}
