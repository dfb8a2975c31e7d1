//! Where a stream begins: behind the last number that its reader has.

use super::range::position;

/// What is taken, in words.
pub(super) const EXPECTED: &str = "expected `after`, the number of an entry or the id of a frame, and nothing else; the header Last-Event-ID has the same form, and goes before it";

/// Reads header and query. A browser that connects again sends the header with the first query, so
/// the header counts. `token` is read elsewhere.
pub(super) fn after(last_event_id: Option<&str>, query: &str) -> Option<u64> {
    let mut after = 0;
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=')? {
            ("after", number) => after = position(number)?,
            ("token", _) => {}
            _ => return None,
        }
    }
    match last_event_id.filter(|id| !id.is_empty()) {
        Some(id) => position(id),
        None => Some(after),
    }
}

#[cfg(test)]
mod tests {
    use super::after;

    #[test]
    fn the_header_goes_before_the_query() {
        for (header, query, expected) in [
            (None, "", Some(0)),
            (None, "after=7", Some(7)),
            (None, "token=a.b.c&after=7", Some(7)),
            (Some("9"), "after=7", Some(9)),
            (Some(""), "after=7", Some(7)),
            (Some("x"), "after=7", None),
            (Some("9"), "after=x", None),
            (None, "after", None),
            (None, "before=7", None),
            (None, "after=-1", None),
            (Some("9007199254740992"), "", None),
        ] {
            assert_eq!(after(header, query), expected, "{header:?} {query}");
        }
    }
}
