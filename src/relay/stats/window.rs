//! Which minutes are asked for.

use super::{KEPT_MINUTES, minute_of};
use crate::relay::range::position;

/// The last so many minutes, the one that is not over yet among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::relay) struct Window {
    minutes: u64,
}

impl Window {
    const DEFAULT: Self = Self { minutes: 60 };
    /// What [`parse`](Self::parse) takes, in words.
    pub(in crate::relay) const EXPECTED: &'static str =
        "expected `minutes`, a number from 1 to 1440, and nothing else";

    /// Reads a query such as `minutes=60`.
    pub(in crate::relay) fn parse(query: &str) -> Option<Self> {
        if query.is_empty() {
            return Some(Self::DEFAULT);
        }
        let minutes = position(query.strip_prefix("minutes=")?)?;
        (1..=KEPT_MINUTES).contains(&minutes).then_some(Self { minutes })
    }

    /// The first of these minutes, counted from the Unix epoch.
    pub(in crate::relay) const fn first(self, now_ms: u64) -> u64 {
        minute_of(now_ms).saturating_sub(self.minutes - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::Window;

    #[test]
    fn windows_are_read() {
        for (query, expected) in [("", Some(60)), ("minutes=1", Some(1)), ("minutes=1440", Some(1_440))] {
            assert_eq!(Window::parse(query).map(|window| window.minutes), expected, "{query}");
        }
        for query in [
            "minutes=0",
            "minutes=1441",
            "minutes=",
            "minutes=+1",
            "minutes=1&minutes=2",
            "minutes",
            "hours=1",
        ] {
            assert_eq!(Window::parse(query), None, "{query}");
        }
    }

    #[test]
    fn the_minute_that_is_not_over_is_among_them() {
        let window = |minutes| Window { minutes };
        assert_eq!(window(1).first(180_000), 3);
        assert_eq!(window(3).first(239_999), 1);
        assert_eq!(window(60).first(0), 0);
    }
}
