//! Which part of a list is asked for.

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    /// Only what is behind this number.
    pub(super) after: u64,
    /// At most this many.
    pub(super) limit: u64,
}

impl Default for Range {
    fn default() -> Self {
        Self { after: 0, limit: Self::DEFAULT_LIMIT }
    }
}

impl Range {
    const DEFAULT_LIMIT: u64 = 100;
    const MAX_LIMIT: u64 = 500;
    /// What [`parse`](Self::parse) takes, in words.
    pub(super) const EXPECTED: &'static str =
        "expected `after`, a number, and `limit`, a number from 1 to 500, and nothing else";

    /// Reads a query such as `after=7&limit=20`.
    pub(super) fn parse(query: &str) -> Option<Self> {
        let mut range = Self::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=')? {
                ("after", number) => range.after = position(number)?,
                ("limit", number) => range.limit = number.parse().ok()?,
                _ => return None,
            }
        }
        (1..=Self::MAX_LIMIT).contains(&range.limit).then_some(range)
    }

    /// The query that [`parse`](Self::parse) reads.
    pub(super) fn query(self) -> String {
        format!("after={}&limit={}", self.after, self.limit)
    }
}

/// A place in a list: a number that JavaScript can tell from its neighbours.
pub(super) fn position(text: &str) -> Option<u64> {
    const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|position| is_number && *position <= MAX_SAFE_INTEGER)
}

#[cfg(test)]
mod tests {
    use super::Range;

    #[test]
    fn ranges_are_read_and_written() {
        let range = Range { after: 7, limit: 20 };
        assert_eq!(Range::parse(&range.query()), Some(range));
        assert_eq!(Range::parse(""), Some(Range::default()));
        for query in
            ["after=9007199254740992", "after=+1", "limit=0", "limit=501", "after=-1", "after", "before=1"]
        {
            assert_eq!(Range::parse(query), None, "{query}");
        }
    }
}
